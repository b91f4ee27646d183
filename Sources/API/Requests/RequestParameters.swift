internal import Foundation
internal import HTTPTypes
internal import Model

/// The query of a request's URL as names and values, in its order: `last=10&approximate`.
struct RequestParameters: Sendable {
  typealias Pair = (name: String, value: String)

  private(set) var pairs: [Pair]

  private static let limit = 20_000

  /// - Parameter query: as it came; a `+` is a space, as in forms.
  /// - Throws: 400.
  init(_ query: String?) throws {
    pairs = []
    for piece in (query ?? "").split(separator: "&") {
      let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.decode(parts[0]), let value = Self.decode(parts.dropFirst().first ?? "") else {
        throw APIError(.badRequest, "a parameter isn't percent-encoded UTF-8")
      }
      pairs.append((name, value))
      guard pairs.count <= Self.limit else { throw APIError(.badRequest, "there are too many parameters") }
    }
  }

  private static func decode(_ text: Substring) -> String? {
    text.replacing("+", with: " ").removingPercentEncoding
  }

  /// The value of each name.
  ///
  /// - Throws: 400 where there is another than these, or one is given twice.
  func values(of names: String...) throws -> [String: String] {
    var values: [String: String] = [:]
    for (name, value) in pairs {
      guard names.contains(name) else {
        let known = names.isEmpty ? "there is none here" : "there are \(names.joined(separator: ", "))"
        throw APIError(.badRequest, "there is no parameter \"\(name.asWritten)\": \(known)")
      }
      guard values.updateValue(value, forKey: name) == nil else {
        throw APIError(.badRequest, "\(name) is given twice: it takes one value")
      }
    }
    return values
  }
}

extension [String: String] {
  /// A name alone says yes.
  ///
  /// - Throws: 400.
  func flag(_ name: String) throws -> Bool {
    switch self[name] {
    case nil, "false": return false
    case "", "true": return true
    case let text?: throw APIError(.badRequest, "\(name) is \"\(text.asWritten)\": give true or false")
    }
  }
}

extension String {
  /// Somebody's words as they are told on one line, of bounded length.
  var asWritten: String { String(prefix(100)).onOneLine + (count > 100 ? "…" : "") }
}
