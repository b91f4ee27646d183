internal import Model

/// The period in which the last packet was, so that the next one of it needs no division.
struct CurrentPeriod: Sendable {
  /// Start divided by length, rounded down.
  let number: Int64
  private let first: Int64
  private let last: Int64

  /// No period: contains no instant.
  static let none = CurrentPeriod()

  private init() {
    (number, first, last) = (0, .max, .min)
  }

  init(containing time: Int64, length: Int64) {
    let (quotient, remainder) = time.quotientAndRemainder(dividingBy: length)
    number = remainder < 0 ? quotient - 1 : quotient
    first = Self.start(of: number, length: length)
    let offset = remainder < 0 ? remainder + length : remainder
    let (last, overflow) = time.addingReportingOverflow(length - 1 - offset)
    self.last = overflow ? .max : last
  }

  @inline(__always)
  func contains(_ time: Int64) -> Bool { first <= time && time <= last }

  /// Nanoseconds since 1970, held at the earliest instant that there is.
  static func start(of number: Int64, length: Int64) -> Int64 {
    let (start, overflow) = number.multipliedReportingOverflow(by: length)
    return overflow ? .min : start
  }
}
