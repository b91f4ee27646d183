import ArgumentParser
import Model

/// Until when something is good: a length of time (`90d`, `12h`) or an instant (`2027-01-01T00:00:00Z`).
enum Lifetime: Hashable {
  case span(nanoseconds: Int64)
  case until(Timestamp)

  /// - Throws: where the text is neither.
  init(reading argument: String) throws {
    if let instant = Timestamp(argument) {
      self = .until(instant)
    } else if argument.hasSuffix("d"), let days = Double(argument.dropLast()), days > 0, days < 36_500 {
      self = .span(nanoseconds: Int64((days * 8.64e13).rounded()))
    } else if let span = TimeSpan(argument: argument), span.nanoseconds > 0 {
      self = .span(nanoseconds: span.nanoseconds)
    } else {
      throw ValidationError("a length of time as 90d or 12h, less than 100 years, or a time as 2027-01-01T00:00:00Z.")
    }
  }

  /// - Throws: a usage error for an instant that has passed.
  func nanoseconds(from now: Timestamp) throws -> Int64 {
    switch self {
    case .span(let nanoseconds): return nanoseconds
    case .until(let instant):
      guard instant > now else { throw CommandFailure.usage("\(instant) has passed: it is \(now)") }
      return instant.nanoseconds - now.nanoseconds
    }
  }
}
