import Capture
import Foundation
import Model
import Traffic

/// Files of the repository that tests read.
enum Fixtures {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// A file's path from the repository's.
  static func path(_ relative: String) -> String { root.appending(path: relative).path }

  /// A capture in `Tests/Fixtures/captures`.
  static func capture(_ name: String) -> String { path("Tests/Fixtures/captures/\(name)") }

  /// All that a source has, decompressed.
  static func bytes(of source: ByteSource) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try source.read {
      bytes += $0
      return true
    }
    return bytes
  }

  static func analyze(_ name: String, _ options: TraceAnalysis.Options = .init()) throws -> TraceAnalysis {
    try TraceAnalysis(reading: [CaptureFile(path: capture(name))], options: options)
  }

  /// Rows counted by tshark: source, destination, packets, frame bytes, IP bytes.
  static func counted(_ name: String) throws -> [CountedRow] {
    try lines(name).map { CountedRow($0.split(separator: ",").map(String.init)) }.sorted()
  }

  /// Of each capture by tshark: packets, IP packets, earliest and latest time stamp in seconds since 1970.
  static var facts: [String: [String]] {
    get throws {
      try lines("facts.csv").reduce(into: [:]) { facts, line in
        let fields = line.split(separator: ",").map(String.init)
        facts[fields[0]] = Array(fields[1...])
      }
    }
  }

  private static func lines(_ name: String) throws -> [Substring] {
    let text = try String(contentsOfFile: capture(name), encoding: .utf8)
    return text.split(whereSeparator: \.isNewline).dropFirst().map { $0 }
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
