import Capture
import Foundation
import Model
import Traffic

/// Files of the repository that tests read.
enum Fixtures {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func path(_ relative: String) -> String { root.appending(path: relative).path }

  /// Rows counted by tshark: source, destination, packets, frame bytes, IP bytes.
  static func counted(_ relative: String) throws -> [CountedRow] {
    let text = try String(contentsOf: root.appending(path: relative), encoding: .utf8)
    return text.split(whereSeparator: \.isNewline).dropFirst()
      .map { CountedRow($0.split(separator: ",").map(String.init)) }.sorted()
  }
}

/// What tshark and we both count.
struct CountedRow: Hashable, Comparable {
  var fields: [String]

  init(_ fields: [String]) {
    self.fields = fields
  }

  init(_ row: TrafficCounts.Row) {
    fields = [
      "\(row.source)", "\(row.destination)", "\(row.counts.packets)", "\(row.counts.frameBytes)",
      "\(row.counts.ipBytes)",
    ]
  }

  static func < (left: CountedRow, right: CountedRow) -> Bool { left.fields.lexicographicallyPrecedes(right.fields) }
}
