/// One-way latency and bandwidth between hosts, by how far apart they are.
public struct Links: Hashable, Sendable {
  /// Between VMs on one host.
  public var sameHost: Link
  /// Between hosts of one site.
  public var sameSite: Link
  /// For the pairs of sites that `pairs` doesn't list.
  public var betweenSites: Link
  /// Both ways alike.
  public var pairs: [UnorderedPair: Link]

  /// Without latency and bound unless given.
  public init(
    sameHost: Link = Link(), sameSite: Link = Link(), betweenSites: Link = Link(), pairs: [UnorderedPair: Link] = [:]
  ) {
    self.sameHost = sameHost
    self.sameSite = sameSite
    self.betweenSites = betweenSites
    self.pairs = pairs
  }

  /// The link between two different sites, by name.
  public func between(_ first: String, _ second: String) -> Link {
    pairs[UnorderedPair(first, second)] ?? betweenSites
  }
}

/// Latency and bandwidth one way.
public struct Link: Hashable, Sendable {
  /// One way, milliseconds.
  public var latencyMs: Double
  /// 10⁶ bits per second; nil: unlimited.
  public var bandwidthMbps: Double?

  /// Without latency and bound unless given.
  public init(latencyMs: Double = 0, bandwidthMbps: Double? = nil) {
    self.latencyMs = latencyMs
    self.bandwidthMbps = bandwidthMbps
  }

  /// One way, seconds.
  public var latency: Double { latencyMs / 1000 }
  /// Bytes per second; infinite where unlimited.
  public var bandwidth: Double { bandwidthMbps.map { $0 * 125_000 } ?? .infinity }
}

/// Two site names in either order.
public struct UnorderedPair: Hashable, Sendable {
  /// The smaller name.
  public let first: String
  /// The larger name.
  public let second: String

  /// Equal in whichever order the names are given.
  public init(_ first: String, _ second: String) {
    (self.first, self.second) = first <= second ? (first, second) : (second, first)
  }
}

/// Price of data transfer per GB (10⁹ bytes) that leaves the first site for the second; nothing inside a site.
public struct Egress: Hashable, Sendable {
  /// For the ordered pairs that `pairs` doesn't list.
  public var betweenSites: Double
  /// Overrides `betweenSites`.
  public var pairs: [OrderedPair: Double]

  /// Free unless given.
  public init(betweenSites: Double = 0, pairs: [OrderedPair: Double] = [:]) {
    self.betweenSites = betweenSites
    self.pairs = pairs
  }

  /// Price per GB from site to site, by name; 0 inside a site.
  public func perGB(from source: String, to destination: String) -> Double {
    source == destination ? 0 : pairs[OrderedPair(from: source, to: destination)] ?? betweenSites
  }
}

/// Two site names, in order.
public struct OrderedPair: Hashable, Sendable {
  /// The site that is left.
  public let from: String
  /// The site that is entered.
  public let to: String

  /// Sites by name.
  public init(from: String, to: String) {
    self.from = from
    self.to = to
  }
}
