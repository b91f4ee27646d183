package import Model

/// What lies between sites, as square matrices by index: entry `from · count + to`.
public struct PlacementSites: Sendable {
  public let count: Int
  /// One way, seconds; of a site to itself: between two of its hosts.
  public let latency: [Double]
  /// Bytes per second; of a site to itself: between two of its hosts. Infinite where unlimited.
  public let bandwidth: [Double]
  /// Of it, what a move has.
  public let moveBandwidth: [Double]
  /// Price per byte that leaves the first for the second; 0 of a site to itself.
  public let egress: [Double]
  /// One way, seconds, between two VMs of one host.
  public let sameHostLatency: Double

  package init(_ federation: Federation) {
    let sites = federation.sites.map(\.name)
    let links = sites.flatMap { from in
      sites.map { to in from == to ? federation.links.sameSite : federation.links.between(from, to) }
    }
    count = sites.count
    latency = links.map(\.latency)
    bandwidth = links.map(\.bandwidth)
    let rates = sites.flatMap { from in sites.map { to in federation.moveRates[OrderedPair(from: from, to: to)] } }
    moveBandwidth = zip(rates, bandwidth).map { $0 ?? $1 }
    egress = sites.flatMap { from in sites.map { to in federation.egress.perGB(from: from, to: to) / 1e9 } }
    sameHostLatency = federation.links.sameHost.latency
  }

  public func index(from: Int, to: Int) -> Int { from * count + to }
}
