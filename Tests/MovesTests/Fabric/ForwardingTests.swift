import Model
import Moves
import Testing

/// An in-memory network of agents: VMs move about while flips are lost, late and doubled.
@Suite struct ForwardingTests {
  static let hosts = ["a", "b", "c", "d"]

  struct Journey {
    var from: String
    var to: String
    var isFlipped = false
  }

  /// Sends what is announced, and moves VMs as their owners do.
  struct Network {
    var model: ForwardingModel
    var messages: [(entry: FabricEntry, to: String)] = []
    /// VMs on a move: from the reservation to the destination's arrival or the rollback.
    var moves: [String: Journey] = [:]
    var macs: [String: MACAddress] = [:]

    init() {
      let hosts = ForwardingTests.hosts
      let entries = ["x", "y", "z"].enumerated().map { index, vm in
        FabricEntry(
          vm: vm, interfaces: [.init(network: "blue", mac: MACAddress(UInt64(index + 1)), addresses: [])],
          host: hosts[index])
      }
      for entry in entries { macs[entry.vm] = entry.interfaces[0].mac }
      let underlay = hosts.enumerated().reduce(into: [String: IPAddress]()) {
        $0[$1.element] = IPAddress(v4: UInt32($1.offset + 1))
      }
      model = ForwardingModel(
        network: Blue.network, underlay: underlay,
        agents: hosts.reduce(into: [:]) { $0[$1] = .init(map: FabricMap(entries)) })
    }

    mutating func step(_ generator: inout SeededGenerator) {
      switch Int.random(in: 0..<10, using: &generator) {
      case 0, 1: beginOrGoOn(&generator)
      case 2:
        // Late frames are sent on for some time.
        guard let host = ForwardingTests.hosts.randomElement(using: &generator),
          let vm = macs.keys.sorted().randomElement(using: &generator)
        else { return }
        model.agents[host]?.phases.endForwarding(of: vm)
      case 3:
        if !messages.isEmpty, Bool.random(using: &generator) {
          messages.remove(at: .random(in: messages.indices, using: &generator))
        }
      case 4: if let message = messages.randomElement(using: &generator) { messages.append(message) }
      default:
        guard !messages.isEmpty else { return }
        let message = messages.remove(at: .random(in: messages.indices, using: &generator))
        receive(message.entry, at: message.to)
      }
    }

    private mutating func beginOrGoOn(_ generator: inout SeededGenerator) {
      guard let vm = macs.keys.sorted().randomElement(using: &generator) else { return }
      if let move = moves[vm] {
        if !move.isFlipped {
          flip(vm, move.from, move.to)
        } else if model.agents[move.to]?.map[vm]?.host != move.to {
          // The flip hasn't come to the destination, which lets go of the VM; it goes back.
          if Bool.random(using: &generator) { rollBack(vm, move.from, move.to) } else { announce(vm, by: move.from) }
        }
      } else {
        // Who has it by its own map is the owner.
        let owners = ForwardingTests.hosts.filter { model.agents[$0]?.map[vm]?.host == $0 && isNewest(vm, $0) }
        guard let owner = owners.first,
          let target = ForwardingTests.hosts.filter({ $0 != owner }).randomElement(using: &generator)
        else { return }
        moves[vm] = Journey(from: owner, to: target)
        model.agents[target]?.phases.stage(vm)
      }
    }

    private func isNewest(_ vm: String, _ host: String) -> Bool {
      let epoch = model.agents[host]?.map[vm]?.epoch ?? 0
      return model.agents.values.allSatisfy { $0.map[vm]?.epoch ?? 0 <= epoch }
    }

    private mutating func flip(_ vm: String, _ from: String, _ to: String) {
      moves[vm]?.isFlipped = true
      model.agents[from]?.phases.fence(vm)
      model.agents[from]?.phases.forwardLateFrames(of: vm)
      raise(vm, by: from, to: to)
      // The source's process ends some time; the tap goes.
      model.agents[from]?.phases.clear(vm)
    }

    private mutating func rollBack(_ vm: String, _ from: String, _ to: String) {
      moves[vm] = nil
      model.agents[to]?.phases.clear(vm)
      model.agents[from]?.phases.endForwarding(of: vm)
      raise(vm, by: from, to: from)
    }

    private mutating func raise(_ vm: String, by agent: String, to host: String) {
      guard let entry = model.agents[agent]?.map[vm]?.raised(to: host) else { return }
      model.agents[agent]?.map.merge(entry)
      announce(vm, by: agent)
    }

    private mutating func announce(_ vm: String, by agent: String) {
      guard let entry = model.agents[agent]?.map[vm] else { return }
      for host in ForwardingTests.hosts where host != agent { messages.append((entry, host)) }
    }

    mutating func receive(_ entry: FabricEntry, at host: String) {
      model.agents[host]?.map.merge(entry)
      // The VM runs and the map names the host: it has arrived.
      if let move = moves[entry.vm], move.to == host, move.isFlipped, model.agents[host]?.map[entry.vm]?.host == host {
        model.agents[host]?.phases.clear(entry.vm)
        moves[entry.vm] = nil
      }
    }

    var entries: [FabricMap] { model.agents.values.map(\.map) }
  }

  @Test(arguments: 0..<4) func noHostForwardsAFrameTwice(_ seed: UInt64) {
    var generator = SeededGenerator(seed)
    var hops = 0
    for _ in 0..<60 {
      var network = Network()
      for _ in 0..<100 {
        network.step(&generator)
        for host in Self.hosts {
          for (vm, mac) in network.macs {
            let fate = network.model.fate(of: mac, from: host)
              if case .looped(let loop) = fate { Issue.record("a frame for \(vm) from \(host) loops at \(loop)") }
            hops += 1
          }
          let counts = network.model.broadcast(from: host)
          #expect(counts != nil && counts?.values.allSatisfy { $0 == 1 } == true, "a broadcast comes to a host twice")
        }
      }
      // However much was lost, whole maps make all equal, and every VM is reached from everywhere.
      let maps = network.entries
      for host in Self.hosts {
        for map in maps { for entry in map.sorted { network.receive(entry, at: host) } }
      }
      for host in Self.hosts {
        for (vm, mac) in network.macs where network.moves[vm] == nil {
          let fate = network.model.fate(of: mac, from: host)
          #expect(fate == .delivered(at: network.model.agents[host]?.map[vm]?.host ?? ""))
        }
      }
    }
    #expect(hops > 50_000)
  }

  /// A late frame that still comes to the source goes after the VM, once.
  @Test func lateFramesGoAfterTheVM() {
    var model = Blue.model(Blue.vm1(at: "a"))
    model.agents["b"]?.phases.stage("vm1")
    model.agents["a"]?.phases = .left("vm1")
    model.agents["a"]?.map.merge(Blue.vm1(at: "b", epoch: 2))
    #expect(model.fate(of: Blue.mac1, from: "c") == .dropped(at: "b"), "b doesn't know yet, and sends nothing back")
    model.agents["b"]?.map.merge(Blue.vm1(at: "b", epoch: 2))
    #expect(model.fate(of: Blue.mac1, from: "c") == .delivered(at: "b"))
    model.agents["a"]?.phases.endForwarding(of: "vm1")
    #expect(model.fate(of: Blue.mac1, from: "c") == .dropped(at: "a"))
    model.agents["c"]?.map.merge(Blue.vm1(at: "b", epoch: 2))
    #expect(model.fate(of: Blue.mac1, from: "c") == .delivered(at: "b"))
  }

  /// What the rule about staging is for.
  @Test func crossingEpochsDoNotLoop() {
    var model = Blue.model(Blue.vm1(at: "b", epoch: 2))
    // vm1 has just left a for b, and goes back; a hasn't heard of it.
    model.agents["a"]?.phases.forwardLateFrames(of: "vm1")
    model.agents["b"]?.phases = .left("vm1")
    model.agents["b"]?.map.merge(Blue.vm1(at: "a", epoch: 3))
    #expect(model.fate(of: Blue.mac1, from: "c") == .looped(at: "b"), "as it would be without staging")
    model.agents["a"]?.phases.stage("vm1")
    #expect(model.fate(of: Blue.mac1, from: "c") == .dropped(at: "a"))
  }
}
