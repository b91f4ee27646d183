import Model
import Moves

/// A model of everything around one move of VM "vm" from host "a" to host "b", with a third host "c": two
/// hypervisors, a link that can be cut between "b" and the others, messages that are late, lost or doubled, and
/// agents that die. A value, so that all orders of what can happen can be walked through. There is no time in it: any
/// timer that is set may fire at any moment.
struct World: Hashable {
  static let mac = MACAddress(0x5254_0000_0001)
  static let network = VirtualNetwork(
    name: "blue", number: 1, subnet: IPSubnet(address: IPAddress(v4: 0x0a00_0000), length: 24)!)
  static let underlay = ["a", "b", "c"].enumerated()
    .reduce(into: [String: IPAddress]()) { $0[$1.element] = IPAddress(v4: 0x0a63_0101 + UInt32($1.offset) << 8) }
  static let first = FabricEntry(
    vm: "vm", interfaces: [.init(network: "blue", mac: mac, addresses: [IPAddress(v4: 0x0a00_0001)])], host: "a")
  static let now = Timestamp(nanoseconds: 0)

  var hypervisors = Hypervisors()
  var source = SourceAgent()
  var destination = DestinationAgent()
  /// The third host's map.
  var others = FabricMap([World.first])
  var isLinked = true
  /// On their way, in one order whatever the order in which they were sent.
  var messages: [Letter] = []
  var budget: Budget
  /// Each copy of the VM has the network while it runs behind an open tap. After the source was stopped, at most one
  /// may ever have it: even one after the other would show the outside a VM that has forgotten what it said.
  var sourceSpoke = false
  var destinationSpoke = false

  init(_ budget: Budget) {
    self.budget = budget
  }

  /// What may still go wrong, so that there is an end.
  struct Budget: Hashable {
    var sourceAgentDeaths = 0
    var destinationAgentDeaths = 0
    var sourceHypervisorDeaths = 0
    var destinationHypervisorDeaths = 0
    var processDeaths = 0
    var cuts = 0
    var losses = 0
    var doubles = 0
    var timers = 0
    var cancels = 0
    var onwardMoves = 0
    var refusals = 0
    /// Failures of the hypervisor without a reason.
    var failures = 0
  }

  /// What is on its way between hosts.
  enum Message: Hashable {
    case reserve(FabricEntry)
    case reserved
    case refused
    case announce(FabricEntry, to: String)
    case acknowledged(String, epoch: UInt64)
    case ask(MoveQuery)
    case activate(MoveQuery)
    case release(MoveQuery)
    case answer(DestinationState, MoveQuery)
    case released(MoveQuery)
    case resumed

    var crossesTheCut: Bool {
      switch self {
      case .announce(_, to: "c"), .acknowledged("c", _): false
      default: true
      }
    }
  }

  /// Never two copies with network.
  var violation: String? {
    let isSourceOpen = hypervisors.source == .running && source.kernel.isOpen
    let isDestinationOpen = hypervisors.destination == .running && destination.kernel.isOpen
    if isSourceOpen && isDestinationOpen { return "both copies have the network" }
    if sourceSpoke && destinationSpoke && !hypervisors.wasKilled { return "both copies had the network after the stop" }
    // A process goes on with the tap that it has opened, which is none of the bridge's once it was deleted.
    if hypervisors.source != .off && !source.kernel.hasTap { return "the source's process has lost its tap" }
    if hypervisors.destination != .off && !destination.kernel.hasTap { return "the destination's has" }
    return nil
  }

  mutating func observe() {
    guard hypervisors.hasStopped else { return }
    if hypervisors.source == .running, source.kernel.isOpen { sourceSpoke = true }
    if hypervisors.destination == .running, destination.kernel.isOpen { destinationSpoke = true }
  }

  mutating func send(_ message: Message) {
    let text = "\(message)"
    let place = messages.firstIndex { $0.text >= text } ?? messages.endIndex
    if place < messages.endIndex, messages[place].text == text {
      messages[place].count += 1
    } else {
      messages.insert(Letter(message: message, text: text, count: 1), at: place)
    }
  }

  /// A message that may be on its way several times.
  struct Letter: Hashable {
    var message: Message
    var text: String
    var count: Int
  }
}

/// What the kernel of a host has of the VM. It outlives the agent.
struct Kernel: Hashable {
  var hasTap = false
  /// Frames come and go.
  var isOpen = false

  /// Of a host, as the fabric wants it.
  init(host: String, map: FabricMap, phases: LocalPhases) {
    let wanted = WantedFabric(
      host: host, underlay: World.underlay, networks: [World.network], map: map, phases: phases)
    if case .tap(let tap)? = wanted.objects[.tap(World.mac)] {
      hasTap = true
      isOpen = tap.floodsGroups
    }
  }
}
