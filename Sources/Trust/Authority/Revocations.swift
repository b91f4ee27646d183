package import Model

/// Certificates that count for nothing any more, by their serial numbers.
///
/// As a file: a line each, `SERIAL TIME REASON…`, of which only the serial number is needed; lines that begin with
/// `#` are remarks. Nobody signs it: it lies beside the authority's key, and who can write there can do anything.
package struct Revocations: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    /// Nil where the file doesn't say.
    package var at: Timestamp?
    package var reason: String
  }

  package private(set) var entries: [SerialNumber: Entry] = [:]

  /// That somebody who is told of them, and doesn't hold the authority, knows at most.
  package static let most = 65_536

  package init() {}

  package init(serials: some Sequence<SerialNumber>) {
    for serial in serials { entries[serial] = Entry(at: nil, reason: "") }
  }

  package func contains(_ serial: SerialNumber) -> Bool { entries[serial] != nil }

  package subscript(serial: SerialNumber) -> Entry? { entries[serial] }

  /// All of both.
  package func union(_ other: Revocations) -> Revocations {
    // Commonly one of them has none.
    if other.entries.isEmpty { return self }
    if entries.isEmpty { return other }
    var all = self
    all.entries.merge(other.entries) { first, _ in first }
    return all
  }
}

extension Revocations {
  /// - Returns: what can be read, and the first line that can't be.
  static func parse(_ bytes: [UInt8]) -> (revocations: Revocations, problem: String?) {
    var revocations = Revocations()
    var problem: String?
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let words = String(decoding: line, as: UTF8.self).split(maxSplits: 2) { $0 == " " || $0 == "\t" || $0 == "\r" }
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      guard let serial = SerialNumber(first) else {
        problem = problem ?? "line \(index + 1): \"\(first.prefix(60))\" is no serial number"
        continue
      }
      let time = words.dropFirst().first.flatMap { Timestamp($0) }
      let reason = words.dropFirst(time == nil ? 1 : 2).joined(separator: " ")
      revocations.entries[serial] = revocations.entries[serial] ?? Entry(at: time, reason: reason)
    }
    return (revocations, problem)
  }

  /// A line of the file, without its end.
  static func line(_ serial: SerialNumber, at now: Timestamp, reason: String) -> String {
    let words = reason.split { $0.isWhitespace || $0.isNewline }.joined(separator: " ")
    return words.isEmpty ? "\(serial) \(now)" : "\(serial) \(now) \(words)"
  }

  /// A file that is read anew whenever it has changed.
  ///
  /// What was revoked stays so whatever becomes of the file.
  package static func watching(_ path: String) -> WatchedFile<Revocations> {
    WatchedFile(path: path, initial: Revocations()) { found, former in
      switch found {
      case .absent: return (former, former.entries.isEmpty ? nil : "\(path) is gone: \(former.counting)")
      case .unreadable(let reason): return (former, "\(reason): \(former.counting)")
      case .bytes(let bytes):
        let (read, problem) = parse(bytes)
        // Also where it was cut short: nothing that was revoked is good again.
        let all = read.union(former)
        return (all, problem.map { "\(path): \($0): \(all.counting)" })
      }
    }
  }

  /// What is believed all the same.
  private var counting: String {
    "the \(entries.count) certificates that it named, now or before, stay revoked, and no other is"
  }
}
