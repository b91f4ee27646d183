package import Model

/// How one direction between two sites behaves.
package struct WANLine: Hashable, Sendable {
  /// One way, nanoseconds.
  package var latency: UInt64
  /// Bits per second of IP packets; nil: unlimited.
  package var bandwidth: Double?
  /// A line that is cut loses what is on it and what is sent.
  package var isCut: Bool

  package init(latency: UInt64, bandwidth: Double? = nil, isCut: Bool = false) {
    self.latency = latency
    self.bandwidth = bandwidth
    self.isCut = isCut
  }

  /// - Precondition: it is within what lines can be (`WANRequest.problem`).
  package init(_ link: Link) {
    self.init(latency: UInt64(link.latencyMs * 1e6), bandwidth: link.bandwidthMbps.map { $0 * 1e6 })
  }

  /// How long a packet keeps the line busy, nanoseconds.
  func serialisation(bytes: Int32) -> UInt64 {
    guard let bandwidth else { return 0 }
    // At least 1 kb/s: a packet's time stays below what 64 bits hold.
    return UInt64(Double(bytes) * 8e9 / max(bandwidth, 1000))
  }

  /// How long a packet may wait for the line, nanoseconds: 50 ms, or as long as 64 KiB take, so that a slow line holds
  /// a burst.
  var longestWait: UInt64 { max(50_000_000, serialisation(bytes: 65_536)) }
}
