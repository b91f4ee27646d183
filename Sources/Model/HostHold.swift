/// Why a host is kept as it is: no move to it or from it begins, and no VM is started there; what has begun goes on.
package struct HostHold: Hashable, Sendable {
  /// In the operator's words, on one line; empty: none was given.
  package var reason: String
  /// Who asked for it, by name.
  package var by: String
  /// By the host's clock.
  package var since: Timestamp

  package init(reason: String, by: String, since: Timestamp) {
    self.reason = reason
    self.by = by
    self.since = since
  }

  /// `a1 is held by root since 2026-11-24T15:46:00Z: a fan is replaced`
  package func words(of host: String) -> String { "\(host) is held \(self)" }
}

extension HostHold: CustomStringConvertible {
  /// `by root since 2026-11-24T15:46:00Z: a fan is replaced`
  package var description: String {
    (by.isEmpty ? "" : "by \(by) ") + "since \(since)" + (reason.isEmpty ? "" : ": \(reason)")
  }
}

/// `{ "reason": "a fan is replaced", "by": "root", "since": "2026-11-24T15:46:00Z" }`, in files and in documents.
extension HostHold: Codable {
  private enum CodingKeys: String, CodingKey { case reason, by, since }

  /// - Throws: `DecodingError`, also where `since` isn't a time.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let text = try container.decode(String.self, forKey: .since)
    guard let since = Timestamp(text) else {
      throw DecodingError.dataCorruptedError(
        forKey: .since, in: container, debugDescription: "\"\(text)\" isn't a time, as 2026-11-24T15:46:00Z")
    }
    self.init(
      reason: try container.decode(String.self, forKey: .reason).onOneLine,
      by: try container.decode(String.self, forKey: .by).onOneLine, since: since)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(reason, forKey: .reason)
    try container.encode(by, forKey: .by)
    try container.encode(since.description, forKey: .since)
  }
}
