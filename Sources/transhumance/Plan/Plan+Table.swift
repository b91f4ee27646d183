import Answers
import Model
import Planning

extension Plan {
  /// For people: the decision and why, then the moves, then before and after.
  var table: String {
    let style: Terminal.Style = decision == .infeasible ? .red : decision == .stay ? .yellow : .green
    var text = assumptions.isEmpty ? "" : "What if: \(assumptions.joined(separator: ", "))\n"
    text += Terminal.styled(decision.rawValue, style) + ": \(reason)\n"
    if decision == .infeasible {
      return text + "\nClash:\n" + clash.map { "  - \($0)\n" }.joined()
    }
    if decision == .place { text += "\n" + placementTable }
    if !moves.isEmpty { text += "\n" + movesTable }
    if let schedule { text += "\n" + timeline(schedule) }
    if !next.isEmpty { text += "\nLater:\n" + nextTable }
    if let orderReason { text += "\nNot carried out by itself: \(orderReason)\n" }
    text += "\n" + outcomeTable + "\n" + knowledge.map { $0 + "\n" }.joined() + solutionLine
    if let frontier { text += "\n" + frontier.table }
    return text
  }

  private var placementTable: String {
    var table = TextTable([("VM", .left), ("HOST", .left)])
    for (vm, host) in placement.sorted(by: { $0.key < $1.key }) { table.append([vm, host]) }
    return table.rendered()
  }

  private var movesTable: String {
    var table = TextTable([
      ("", .right), ("VM", .left), ("FROM", .left), ("TO", .left), ("BYTES", .right), ("TAKES", .right),
      ("DOWN", .right),
      ("WHY", .left),
    ])
    for move in moves {
      table.append([
        "\(move.order)", move.vm, move.from, move.to, Text.bytes(move.transferBytes),
        Text.duration(move.transferSeconds),
        Text.duration(move.downtimeSeconds), move.why,
      ])
    }
    return table.rendered()
  }

  /// What moves later.
  var nextTable: String {
    var table = TextTable([
      ("NOT BEFORE", .left), ("BY", .left), ("VM", .left), ("FROM", .left), ("TO", .left), ("TAKES", .right),
      ("COST", .right), ("WHY", .left),
    ])
    for later in next {
      table.append([
        "\(later.notBefore)", later.by.map { "\($0)" } ?? "–", later.move.vm, later.move.from, later.move.to,
        Text.duration(later.move.transferSeconds), Text.decimals(later.cost, 2), later.move.why,
      ])
    }
    return table.rendered()
  }

  private var outcomeTable: String {
    var table = TextTable([("", .left)] + (before == nil ? [] : [("BEFORE", .right)]) + [("AFTER", .right)])
    let rows: [(String, (Outcome) -> String)] = [
      (isService ? "for 24 h of work" : "run time", { Text.duration($0.seconds) }),
      ("slowdown", { Text.significant($0.slowdown) }),
      ("power", { "\(Text.significant($0.watts)) W" }), ("hosting", { Text.decimals($0.cost.hosting, 2) }),
      ("egress", { Text.decimals($0.cost.egress, 2) }), ("migration", { Text.decimals($0.cost.migration, 2) }),
      ("total cost", { Text.decimals($0.cost.total, 2) }),
    ]
    for (name, value) in rows { table.append([name] + [before, after].compactMap { $0.map(value) }) }
    return table.rendered()
  }

  /// How long the run takes, when moves pay back, and what isn't known.
  private var knowledge: [String] {
    var lines: [String] = []
    if let run = forecast.chosen {
      let unsure = run.errorSeconds == nil && run.source != .jobLimit ? "; how far off that may be isn't known" : ""
      lines.append("Run: \(run.words) (\(run.basis))\(unsure).")
      lines += forecast.others.map { "     by another source \($0.words) (\($0.basis))." }
    }
    if let payBackSeconds { lines.append("Moves pay back after \(Text.duration(payBackSeconds)).") }
    if view.isPartial { lines.append("Only a part of the application is seen.") }
    return lines + view.unknown.map { "Not known: \($0)." }
  }

  private var solutionLine: String {
    let quality =
      solution.proven
      ? "proven to be the best"
      : solution.gap.map { "at most \(Text.percent($0)) above the best possible" } ?? "not proven to be the best"
    return "Objective \(objective.rawValue); \(solution.method), \(quality); as of \(at).\n"
  }

  /// One row a move, or of a first placement one a VM.
  var csv: String {
    if decision == .place {
      return "vm,host\n" + placement.sorted { $0.key < $1.key }.map { CSV.row([$0.key, $0.value]) }.joined()
    }
    return "order,vm,from,to,transfer_bytes,transfer_seconds,downtime_seconds,start_seconds,end_seconds,why\n"
      + moves.map {
        CSV.row([
          "\($0.order)", $0.vm, $0.from, $0.to, Text.decimals($0.transferBytes, 0), "\($0.transferSeconds)",
          "\($0.downtimeSeconds)", $0.startSeconds.map { "\($0)" } ?? "", $0.endSeconds.map { "\($0)" } ?? "", $0.why,
        ])
      }.joined()
  }
}

extension Explanation {
  /// Sections of rows: what each term is, before and after.
  var table: String {
    Section.allCases.compactMap { section in
      let rows = rows.filter { $0.section == section }
      guard !rows.isEmpty else { return nil }
      var table = TextTable([
        (section.rawValue.uppercased(), .left), ("TERM", .left), ("BEFORE", .right), ("AFTER", .right), ("UNIT", .left),
        ("MEANING", .left),
      ])
      var subject = ""
      for row in rows {
        let value = { (number: Double?) in number.map(Text.significant) ?? "–" }
        table.append([
          row.subject == subject ? "" : row.subject, row.term, value(row.before), value(row.after), row.unit,
          row.meaning,
        ])
        subject = row.subject
      }
      return table.rendered()
    }.joined(separator: "\n")
  }

  var csv: String {
    "section,subject,term,before,after,unit,meaning\n"
      + rows.map {
        CSV.row([
          $0.section.rawValue, $0.subject, $0.term, $0.before.map { "\($0)" } ?? "", $0.after.map { "\($0)" } ?? "",
          $0.unit,
          $0.meaning,
        ])
      }.joined()
  }
}
