/// A span of time over which traffic is counted: `[start, start + length)`.
public struct Period: Hashable, Comparable, Sendable {
  /// Inclusive; the end, a length later, is the next one's.
  public var start: Timestamp
  /// Nanoseconds, more than zero.
  public var length: Int64

  /// - Parameter length: nanoseconds, > 0.
  public init(start: Timestamp, length: Int64) {
    self.start = start
    self.length = length
  }

  /// The period of that length (nanoseconds, > 0) that contains `instant`, where periods are aligned to
  /// 1970-01-01T00:00:00Z and so, for lengths that divide a day, to the wall clock (hh:mm:00, hh:mm:30).
  public init(containing instant: Timestamp, length: Int64) {
    let remainder = instant.nanoseconds % length
    let offset = remainder < 0 ? remainder + length : remainder
    let (start, overflow) = instant.nanoseconds.subtractingReportingOverflow(offset)
    self.init(start: Timestamp(nanoseconds: overflow ? .min : start), length: length)
  }

  /// Exclusive; held at the end of what 64 bits can count.
  public var end: Timestamp { start.advanced(byNanoseconds: length) }

  /// Its length.
  public var seconds: Double { Double(length) / 1e9 }

  /// By start, then length.
  public static func < (left: Period, right: Period) -> Bool {
    (left.start, left.length) < (right.start, right.length)
  }
}
