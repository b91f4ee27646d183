package import Model

/// What a guest is told on its kernel's command line; `Guest/init` reads it.
package struct GuestCommandLine: Hashable, Sendable {
  /// Words such as `th.name=vm1`.
  package let words: [String]

  /// - Parameter mtu: of the virtual networks
  package init(_ guest: LabDescription.Guest, in lab: LabDescription, mtu: Int = 1450) {
    let networks = Dictionary(lab.networks.map { ($0.name, $0) }) { first, _ in first }
    var words = ["th.name=\(guest.name)", "th.mtu=\(mtu)"]
    for interface in guest.interfaces {
      guard let network = networks[interface.network] else { continue }
      let addresses = interface.addresses.map { "\($0)/\(network.subnet.length)" }
      words.append("th.if=" + ([interface.mac.description] + addresses).joined(separator: ","))
    }
    if let gateway = guest.interfaces.lazy.compactMap({ networks[$0.network]?.gateway }).first {
      words.append("th.gateway=\(gateway)")
    }
    words += Self.routes(of: guest, in: lab, networks).map { "th.route=\($0.subnet.text),\($0.router)" }
    if let workload = guest.workload { words += Self.words(of: workload, guest, in: lab) }
    self.words = words
  }

  /// Ways to networks that the guest isn't in, through guests that are in several.
  private static func routes(
    of guest: LabDescription.Guest, in lab: LabDescription, _ networks: [String: VirtualNetwork]
  ) -> [(subnet: IPSubnet, router: IPAddress)] {
    let own = Set(guest.interfaces.map(\.network))
    var reached = own
    var routes: [(IPSubnet, IPAddress)] = []
    for router in lab.guests where router.interfaces.count > 1 && router.name != guest.name {
      guard let address = router.interfaces.first(where: { own.contains($0.network) })?.addresses.first else {
        continue
      }
      for other in router.interfaces {
        guard let network = networks[other.network], network.subnet.address.family == address.family,
          reached.insert(other.network).inserted
        else { continue }
        routes.append((network.subnet, address))
      }
    }
    return routes
  }

  private static func words(
    of workload: LabDescription.Workload, _ guest: LabDescription.Guest, in lab: LabDescription
  ) -> [String] {
    var words: [String] = []
    if let ring = Ring(of: guest, in: lab, phase: 1) {
      words = [
        "th.ring=\(ring.addresses)", "th.rank=\(ring.rank)", "th.messageBytes=\(workload.messageBytes)",
        "th.exchanges=\(workload.exchanges)", "th.requests=\(workload.requests)", "th.work=\(workload.work)",
        "th.pauseMs=\(decimal(workload.pauseMs))",
      ]
    }
    for (index, phase) in workload.phases.enumerated() {
      guard let ring = Ring(of: guest, in: lab, phase: index + 2) else { continue }
      let numbers = [index + 2, ring.rank, phase.messageBytes, phase.exchanges, phase.requests, phase.work]
      words.append(
        "th.phase=" + numbers.map(String.init).joined(separator: ",") + ",\(decimal(phase.pauseMs)),\(ring.addresses)")
    }
    return words
  }

  /// The guests of one group in a phase, in the order of the lab file.
  private struct Ring {
    var addresses: String
    var rank: Int

    /// Nil: the guest isn't in one, or one of them has no address.
    init?(of guest: LabDescription.Guest, in lab: LabDescription, phase: Int) {
      guard let group = guest.workload?.phase(phase)?.group else { return nil }
      let ring = lab.guests.filter { $0.workload?.phase(phase)?.group == group }
      let addresses = ring.compactMap { $0.interfaces.first?.addresses.first?.description }
      guard let rank = ring.firstIndex(where: { $0.name == guest.name }), addresses.count == ring.count else {
        return nil
      }
      self.addresses = addresses.joined(separator: ",")
      self.rank = rank
    }
  }
}

extension GuestCommandLine {
  /// With three places and without an exponent, whatever the number.
  private static func decimal(_ milliseconds: Double) -> String {
    let microseconds = Int(max(0, min(milliseconds, 1e9)) * 1000)
    let places = String(microseconds % 1000)
    return "\(microseconds / 1000).\(String(repeating: "0", count: 3 - places.count))\(places)"
  }
}

extension IPSubnet {
  fileprivate var text: String { "\(address)/\(length)" }
}
