/// One-way latency and bandwidth between hosts, by how far apart they are.
public struct Links: Hashable, Sendable {
  public var sameHost: Link
  public var sameSite: Link
  /// For the pairs of sites that `pairs` doesn't list.
  public var betweenSites: Link
  /// Both ways alike.
  public var pairs: [UnorderedPair: Link]

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

public struct Link: Hashable, Sendable {
  /// One way, milliseconds.
  public var latencyMs: Double
  /// 10⁶ bits per second; nil: unlimited.
  public var bandwidthMbps: Double?

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
  public let first: String
  public let second: String

  public init(_ first: String, _ second: String) {
    (self.first, self.second) = first <= second ? (first, second) : (second, first)
  }
}

/// Price of data transfer per GB (10⁹ bytes) that leaves the first site for the second; nothing inside a site.
public struct Egress: Hashable, Sendable {
  /// For the ordered pairs that `pairs` doesn't list.
  public var betweenSites: Double
  public var pairs: [OrderedPair: Double]

  public init(betweenSites: Double = 0, pairs: [OrderedPair: Double] = [:]) {
    self.betweenSites = betweenSites
    self.pairs = pairs
  }

  public func perGB(from source: String, to destination: String) -> Double {
    source == destination ? 0 : pairs[OrderedPair(from: source, to: destination)] ?? betweenSites
  }
}

/// Two site names, in order.
public struct OrderedPair: Hashable, Sendable {
  public let from: String
  public let to: String

  public init(from: String, to: String) {
    self.from = from
    self.to = to
  }
}
