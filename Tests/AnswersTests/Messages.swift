import Answers
import Model
import SwiftProtobuf
import Traffic
import Wire

/// Messages as a controller sends them: times are seconds after 2026-11-24T15:46:00Z.
enum Messages {
  static func time(_ seconds: Int64) -> Int64 { 1_795_535_160_000_000_000 + seconds * 1_000_000_000 }

  static func header(from start: Int64 = 0, to end: Int64, exact: Bool = true) -> QueryReply {
    .with {
      $0.header.start = time(start)
      $0.header.end = time(end)
      $0.header.exact = exact
    }
  }

  typealias Row = (source: String, destination: String, packets: Double, sent: Double?, bySender: Bool)

  /// Of 114 bytes a frame, 100 a packet, and a wait for ten packets.
  static func rows(_ rows: [Row]) -> Transhumance_V1_MatrixRows {
    .with { message in
      func index(_ name: String) -> UInt32 {
        if let known = message.endpoints.firstIndex(of: name) { return UInt32(known) }
        message.endpoints.append(name)
        return UInt32(message.endpoints.count - 1)
      }
      for row in rows {
        message.source.append(index(row.source))
        message.destination.append(index(row.destination))
        message.packets.append(row.packets)
        message.frameBytes.append(114 * row.packets)
        message.ipBytes.append(100 * row.packets)
        message.waits.append(row.packets / 10)
        message.sentPackets.append(row.sent ?? -1)
        message.bySender.append(row.bySender)
      }
    }
  }

  static func period(
    at start: Int64, complete: Bool = true, missing: [String] = [], parts: UInt32 = 0, _ rows: [Row]
  ) -> QueryReply {
    .with {
      $0.period.start = time(start)
      $0.period.nanoseconds = 30_000_000_000
      $0.period.complete = complete
      $0.period.missingHosts = missing
      $0.period.parts = parts
      $0.period.rows = Self.rows(rows)
    }
  }

  static func pairs(_ rows: [Row]) -> QueryReply { .with { $0.pairs = Self.rows(rows) } }

  /// Two periods, the first in two messages, the second of ten that were added up, without b1 and without rows.
  static var detail: [QueryReply] {
    var header = header(to: 60, exact: false)
    header.header.missingHosts = ["b1"]
    header.header.rolledUpUntil = time(60)
    return [
      header, period(at: 0, [("vm1", "vm2", 40, 42, false)]),
      period(at: 0, [("vm2", "vm1", 20, nil, false), ("vm\"<&>,3", "vm1", 0.5, 0.5, true)]),
      period(at: 30, complete: false, missing: ["b1"], parts: 10, []),
    ]
  }

  /// A gap, and an approximated end.
  static var mean: [QueryReply] {
    var header = header(to: 120, exact: false)
    header.header.gaps = [time(30)]
    header.header.approximated = .with {
      $0.start = time(90)
      $0.end = time(120)
      $0.from = time(60)
    }
    return [header, pairs([("vm1", "vm2", 70, 212.0 / 3, false)]), pairs([("a", "a", 1e21, 1e21, false)])]
  }

  /// All that a writer says to these messages.
  static func text(_ format: AnswerFormat, _ messages: [QueryReply], of query: QueryParameters) -> String {
    var text = AnswerText(format, of: query)
    var bytes = messages.flatMap { text.take($0) }
    bytes += text.finish()
    return String(decoding: bytes, as: UTF8.self)
  }

  static func query(_ change: (inout QueryParameters) -> Void = { _ in }) -> QueryParameters {
    var query = QueryParameters()
    change(&query)
    return query
  }
}
