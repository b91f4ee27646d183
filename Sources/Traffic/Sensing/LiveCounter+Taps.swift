public import Model

/// Whose Ethernet address is whose, in a virtual network.
public struct SensedMachine: Hashable, Sendable {
  /// The VM.
  public var name: String
  /// Numbered by whoever counts.
  public var network: UInt16
  public var mac: MACAddress

  public init(name: String, network: UInt16, mac: MACAddress) {
    self.name = name
    self.network = network
    self.mac = mac
  }
}

extension LiveCounter {
  /// Begins to watch a tap.
  ///
  /// - Parameters:
  ///   - mac: of the VM's interface; nil: that of the first frame that it sends, until which all that it receives counts.
  /// - Returns: its number.
  public mutating func attach(vm: String, network: UInt16, mac: MACAddress?) -> Int {
    var number = 0
    while number < taps.count, taps[number].state != .vacant { number += 1 }
    if number == taps.count { taps.append(LiveTap()) }
    taps[number] = LiveTap()
    taps[number].state = .attached
    taps[number].network = network
    taps[number].endpoint = endpoints.number(ofName: vm)
    taps[number].mac = mac?.number ?? LiveTap.noMAC
    nameMachines()
    return number
  }

  /// Watches a tap no longer. What was counted stays in the report; what had come before that time, and is handed over
  /// later, may still be counted until ``isWatched(_:)`` says no.
  ///
  /// - Parameter time: nanoseconds since 1970, by the clock of the frames. Periods that begin later know nothing of it.
  public mutating func detach(_ tap: Int, at time: Int64) {
    guard taps[tap].state == .attached else { return }
    taps[tap].state = .detached
    taps[tap].until = time
    nameMachines()
  }

  /// Whether a tap's frames may be counted: from its attachment to the end of the period after that of its detachment.
  public func isWatched(_ tap: Int) -> Bool { taps[tap].state != .vacant }

  /// From here on these are VMs by name, wherever they are; besides them those of the taps.
  public mutating func name(_ machines: [SensedMachine]) {
    given = machines
    nameMachines()
  }

  @inline(never)
  mutating func learn(_ mac: UInt64, tap: Int) -> Bool {
    taps[tap].mac = mac
    nameMachines()
    return true
  }

  mutating func nameMachines() {
    machines = MACTable(seed: decoderSeed)
    for machine in given {
      let number = endpoints.number(ofName: machine.name)
      machines.set(MACTable.key(network: machine.network, mac: machine.mac.number), number)
    }
    for number in 0..<taps.count {
      // They may be called otherwise now.
      taps[number].peers = RecentPeers()
      let tap = taps[number]
      guard tap.state == .attached, tap.mac != LiveTap.noMAC else { continue }
      machines.set(MACTable.key(network: tap.network, mac: tap.mac), tap.endpoint)
    }
  }
}
