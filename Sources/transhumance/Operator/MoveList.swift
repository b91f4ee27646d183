import Answers
import Model
import Wire

/// Moves that the hosts' journals know of, the latest last.
struct MoveList: Listing {
  static let key = "moves"
  static let isByTime = true
  static let columns: [(heading: String, alignment: TextTable.Alignment)] = [
    ("MOVE", .left), ("VM", .left), ("FROM", .left), ("TO", .left), ("STATE", .left), ("STARTED", .left),
    ("TOTAL", .right), ("DOWNTIME", .right), ("TRANSFERRED", .right),
  ]
  static let fields = [
    "move", "vm", "from", "to", "state", "started", "total_seconds", "downtime_seconds", "transferred_bytes",
  ]
  let rows: [ListedRow<MoveDocument>]

  init(_ reply: ListReply, where belongs: (MoveReport) -> Bool = { _ in true }) {
    rows = reply.hosts.filter(\.hasReport).flatMap(\.report.moves).filter(belongs)
      .sorted { ($0.steps.first?.at ?? 0, $0.identifier) < ($1.steps.first?.at ?? 0, $1.identifier) }
      .map { ListedRow($0) }
  }
}

extension ListedRow<MoveDocument> {
  fileprivate init(_ move: MoveReport) {
    let hasEnded = !move.result.isEmpty
    let first = [
      move.identifier, move.vm, move.from, move.to, hasEnded ? move.result : move.steps.last?.step ?? "planned",
    ]
    let started = move.steps.first.map { Timestamp(nanoseconds: $0.at).description }
    let total = hasEnded ? move.totalSeconds : nil
    let downtime = move.result == "done" ? move.downtimeSeconds : nil
    self.init(
      name: move.identifier,
      cells: first + [
        started ?? "–", total.map(Text.duration) ?? "–", downtime.map(Text.duration) ?? "–",
        Text.bytes(Double(move.transferBytes)),
      ],
      values: first + [
        started ?? "", total.map(Text.plain) ?? "", downtime.map(Text.plain) ?? "", String(move.transferBytes),
      ],
      document: MoveDocument(move))
  }
}
