public import Model

/// What isn't seen of an application, and what its plans therefore can't know.
public struct PartialView: Hashable, Sendable {
  /// VMs of which nothing was counted.
  public var vms: [String]
  /// Hosts whose reports are missing, in all or some of the periods.
  public var hosts: [String]
  /// How many endpoints its VMs talk to that it doesn't list: where they are isn't known.
  public var unlistedEndpoints: Int
  /// Their part of all IP bytes that its VMs exchange.
  public var unlistedShare: Double

  public init(vms: [String] = [], hosts: [String] = [], unlistedEndpoints: Int = 0, unlistedShare: Double = 0) {
    self.vms = vms
    self.hosts = hosts
    self.unlistedEndpoints = unlistedEndpoints
    self.unlistedShare = unlistedShare
  }

  /// - Parameters:
  ///   - matrix: all that its VMs exchange, also with what it doesn't list.
  ///   - hosts: whose reports are missing.
  public init(of application: Application, in matrix: TrafficMatrix, missing hosts: [String] = []) {
    let own = Set(application.vms.flatMap { Endpoint.all(named: $0.name, addresses: $0.addresses) })
    let listed = own.union(application.endpoints.flatMap { Endpoint.all(named: $0.name, addresses: $0.addresses) })
    var (unlisted, bytes, all) = (Set<Endpoint>(), 0.0, 0.0)
    for row in matrix.rows where own.contains(row.source) || own.contains(row.destination) {
      all += row.ipBytes
      let partner = own.contains(row.source) ? row.destination : row.source
      // A group or all of a network is nowhere in particular.
      guard !listed.contains(partner), partner.canBeOneMachine else { continue }
      unlisted.insert(partner)
      bytes += row.ipBytes
    }
    self.init(
      vms: application.silentVMs(among: matrix.endpoints).map { application.vms[$0].name }, hosts: hosts,
      unlistedEndpoints: unlisted.count, unlistedShare: all > 0 ? bytes / all : 0)
  }

  /// Whether VMs or hosts are missing: only a part of the application is seen.
  public var isPartial: Bool { !vms.isEmpty || !hosts.isEmpty }

  /// What plans can't know, in sentences; empty where all is seen.
  public var unknown: [String] {
    var unknown: [String] = []
    if let first = vms.first {
      unknown.append(
        vms.count == 1
          ? "what \(first) exchanges and how long it waits: nothing was counted, so it is placed as if silent, and may "
            + "be torn from whom it talks to"
          : "what \(Words.list(vms)) exchange and how long they wait: nothing was counted, so they are placed as if "
            + "silent, and may be torn from whom they talk to")
    }
    if !hosts.isEmpty {
      unknown.append("what VMs at \(Words.list(hosts)) receive: reports are missing")
    }
    if unlistedEndpoints > 0 {
      let isOne = unlistedEndpoints == 1
      unknown.append(
        "where \(isOne ? "an endpoint is" : "\(unlistedEndpoints) endpoints are") that its VMs talk to "
          + "(\(Words.percent(unlistedShare)) of their bytes) and the application doesn't list: being near "
          + "\(isOne ? "it" : "them") counts for nothing")
    }
    return unknown
  }
}

extension PartialView: Encodable {
  enum CodingKeys: String, CodingKey { case partial, vms, hosts, unlistedEndpoints, unlistedShare, unknown }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(isPartial, forKey: .partial)
    try container.encode(vms, forKey: .vms)
    try container.encode(hosts, forKey: .hosts)
    try container.encode(unlistedEndpoints, forKey: .unlistedEndpoints)
    try container.encode(unlistedShare, forKey: .unlistedShare)
    try container.encode(unknown, forKey: .unknown)
  }
}
