internal import Foundation
package import Model

extension Timestamp {
  init(_ date: Date) { self.init(seconds: date.timeIntervalSince1970) }

  /// The second that it lies in: certificates know no fractions.
  var date: Date {
    let second = nanoseconds / 1_000_000_000 - (nanoseconds % 1_000_000_000 < 0 ? 1 : 0)
    return Date(timeIntervalSince1970: TimeInterval(second))
  }
}

/// An instant in a file of JSON: ISO 8601 in UTC.
@propertyWrapper
package struct ISO8601: Codable, Hashable, Sendable {
  package var wrappedValue: Timestamp

  package init(wrappedValue: Timestamp) { self.wrappedValue = wrappedValue }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let instant = Timestamp(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "\"\(text)\" is no time, as 2026-11-24T15:46:01Z is"))
    }
    wrappedValue = instant
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue.description)
  }
}
