import Capture
import Drawing
import Model
import Planning
import Traffic

/// What `analyze` found, as a table and as a drawing.
struct Analysis {
  let input: TrafficInput
  let groups: Grouping

  var drawing: TrafficDrawing {
    TrafficDrawing(
      matrix: input.matrix, measure: groups.measure, groups: groups.members,
      title: input.trace?.files.map(fileName(of:)).joined(separator: ", ") ?? "Traffic matrix",
      facts: [traceLine, groups.summary].compactMap { $0 })
  }

  private func fileName(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  /// - Parameter top: pairs shown, 0 for all.
  func table(top: Int) -> String {
    [traceLine.map { $0 + "\n\n" } ?? "", pairs(top: top), "\n", groups.summary, "\n", members, note].joined()
  }

  /// One line on what was read; nil for a matrix.
  private var traceLine: String? {
    guard let trace = input.trace else { return nil }
    let facts = trace.counts.facts
    let periods = trace.counts.periods.count
    let time = facts.start.map { start in " in \(Text.duration((facts.end ?? start).seconds - start.seconds))" } ?? ""
    let files = trace.files.count > 1 ? "\(trace.files.count) files: " : ""
    return "\(files)\(Text.grouped(facts.packets)) packets\(time) (\(Text.grouped(facts.ipPackets)) IP, "
      + "\(Text.grouped(facts.otherPackets)) other, \(Text.grouped(facts.malformedPackets)) malformed), "
      + "\(Text.grouped(periods)) period\(periods == 1 ? "" : "s")" + (trace.isComplete ? "" : ", cut short")
  }

  private func pairs(top: Int) -> String {
    var rows = input.matrix.rows
    let hidden = top == 0 ? 0 : max(0, rows.count - top)
    if hidden > 0 {
      // By index, for there may be a million rows; among equals it keeps the order of names.
      let all = rows
      let weight = { (index: Int) in all[index].weight(by: groups.measure) }
      rows = all.indices.sorted { (weight($1), $0) < (weight($0), $1) }.prefix(top).map { all[$0] }
    }
    var table = TextTable([
      ("SOURCE", .left), ("DESTINATION", .left), ("PACKETS", .right), ("IP BYTES", .right), ("WAITS", .right),
    ])
    for row in rows {
      table.append([
        "\(row.source)", "\(row.destination)", Text.grouped(row.packets), Text.grouped(row.ipBytes),
        input.matrix.hasWaits ? Text.grouped(row.waits.rounded()) : "–",
      ])
    }
    let rest = hidden > 0 ? "… and \(Text.grouped(hidden)) lighter pairs (--top 0 shows all)\n" : ""
    return table.rendered() + rest
  }

  /// What a reader of the groups would otherwise take as tested.
  private var note: String {
    guard input.matrix.windowSeconds == nil, groups.outcome != .negligible else { return "" }
    return "Whether the traffic is negligible was not tested: --window says how many seconds the matrix covers.\n"
  }

  private var members: String {
    var lines = groups.members.enumerated().map { index, members in
      "  \(index + 1)  " + names(of: members)
    }
    if !groups.ungrouped.isEmpty {
      lines.append("  –  " + names(of: groups.ungrouped))
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private func names(of members: [Endpoint]) -> String {
    members.sorted(by: Endpoint.naturally).map(\.description).joined(separator: " ")
  }
}
