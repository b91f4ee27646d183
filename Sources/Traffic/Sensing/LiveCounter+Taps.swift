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

  /// Watches a tap no longer. What was counted stays in the report of the present period.
  public mutating func detach(_ tap: Int) {
    guard taps[tap].state == .attached else { return }
    taps[tap].state = .detached
    nameMachines()
  }

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
