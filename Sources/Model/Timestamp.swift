/// An instant, in nanoseconds since 1970-01-01T00:00:00Z (leap seconds are not counted, as in POSIX).
///
/// Covers the years 1678 to 2262.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Since 1970-01-01T00:00:00Z.
  public var nanoseconds: Int64

  /// - Parameter nanoseconds: since 1970-01-01T00:00:00Z.
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// The instant `seconds` after 1970-01-01T00:00:00Z, held at the ends of the range that 64 bits can count.
  public init(seconds: Double) {
    let product = (seconds * 1e9).rounded()
    nanoseconds =
      product >= 0x1p63 ? .max : product <= -0x1p63 ? .min : product.isNaN ? 0 : Int64(product)
  }

  /// Seconds since 1970-01-01T00:00:00Z; exact to about 0.2 µs for present dates.
  public var seconds: Double { Double(nanoseconds) / 1e9 }

  /// Earlier first.
  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.nanoseconds < right.nanoseconds }

  /// This instant moved by a number of seconds, held at the ends of the range.
  public func advanced(bySeconds seconds: Double) -> Timestamp {
    advanced(byNanoseconds: Timestamp(seconds: seconds).nanoseconds)
  }

  /// This instant moved by a number of nanoseconds, held at the ends of the range.
  public func advanced(byNanoseconds distance: Int64) -> Timestamp {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(distance)
    return Timestamp(nanoseconds: overflow ? (distance > 0 ? .max : .min) : sum)
  }
}
