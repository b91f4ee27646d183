/// How late packets were, in buckets: of a microsecond below a millisecond, then of a millisecond.
package struct Lateness: Sendable {
  private static let fine = 1000
  private static let coarse = 1000

  package private(set) var count: UInt64 = 0
  /// Nanoseconds.
  package private(set) var maximum: UInt64 = 0
  private var buckets = [UInt64](repeating: 0, count: fine + coarse)

  package init() {}

  package mutating func note(_ nanoseconds: UInt64) {
    count += 1
    maximum = max(maximum, nanoseconds)
    let microseconds = Int(clamping: nanoseconds / 1000)
    let index =
      microseconds < Self.fine
      ? microseconds : Self.fine + min(Self.coarse - 1, microseconds / 1000 - 1)
    buckets[index] += 1
  }

  /// The lateness that this share of the packets didn't exceed, nanoseconds, as the upper end of its bucket; 0 without
  /// packets.
  package func quantile(_ share: Double) -> UInt64 {
    let rank = UInt64((share * Double(count)).rounded(.up))
    var below: UInt64 = 0
    for (index, bucket) in buckets.enumerated() where bucket > 0 {
      below += bucket
      guard below >= rank else { continue }
      let end = index < Self.fine ? (index + 1) * 1000 : (index - Self.fine + 2) * 1_000_000
      return min(UInt64(end), maximum)
    }
    return maximum
  }
}
