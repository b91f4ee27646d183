import Answers
import Planning

extension JointPlan {
  /// For people: the decision and why, all moves in order, then each application's figures, and what is whose.
  var table: String {
    let style: Terminal.Style = decision == .infeasible ? .red : decision == .stay ? .yellow : .green
    var text = assumptions.isEmpty ? "" : "What if: \(assumptions.joined(separator: ", "))\n"
    text += Terminal.styled(decision.rawValue, style) + ": \(reason)\n"
    for part in parts where part.plan.decision == .infeasible {
      text += "\nClash of \(part.application), beside the others:\n" + part.plan.clash.map { "  - \($0)\n" }.joined()
    }
    if !moves.isEmpty {
      var table = TextTable([
        ("", .right), ("VM", .left), ("FROM", .left), ("TO", .left), ("TAKES", .right), ("START", .right),
        ("END", .right), ("WHY", .left),
      ])
      for move in moves {
        let (start, end) = (move.startSeconds.map(Text.duration) ?? "–", move.endSeconds.map(Text.duration) ?? "–")
        table.append([
          "\(move.order)", move.vm, move.from, move.to, Text.duration(move.transferSeconds), start, end, move.why,
        ])
      }
      text += "\n" + table.rendered()
    }
    if let orderReason { text += "\nNot carried out by itself: \(orderReason)\n" }
    if decision == .place { text += "\n" + placementTable }
    for part in parts where decision != .infeasible && !part.plan.next.isEmpty {
      text += "\nLater, of \(part.application):\n" + part.plan.nextTable
    }
    return text + "\n" + partsTable + "\n" + ownersTable
  }

  /// Of all applications, each with its name.
  var warnings: [String] { parts.flatMap { part in part.plan.warnings.map { "\(part.application): \($0)" } } }

  private var placementTable: String {
    var table = TextTable([("VM", .left), ("HOST", .left)])
    for (vm, host) in placement.sorted(by: { $0.key < $1.key }) { table.append([vm, host]) }
    return table.rendered()
  }

  private var partsTable: String {
    var table = TextTable([
      ("APPLICATION", .left), ("OWNER", .left), ("", .left), ("COST BEFORE", .right), ("AFTER", .right),
      ("RUN TIME BEFORE", .right), ("AFTER", .right),
    ])
    for part in parts {
      let (before, after) = (part.plan.before, part.plan.after)
      let cost = { (outcome: Plan.Outcome?) in outcome.map { Text.decimals($0.cost.total, 2) } ?? "–" }
      let time = { (outcome: Plan.Outcome?) in outcome.map { Text.duration($0.seconds) } ?? "–" }
      table.append([
        part.application, part.owner, part.plan.decision.rawValue, cost(before), cost(after), time(before), time(after),
      ])
    }
    return table.rendered()
  }

  private var ownersTable: String {
    var table = TextTable([("OWNER", .left), ("PART", .right), ("HAS", .right), ("WILL HAVE", .right)])
    for owner in owners {
      table.append([owner.owner, Text.percent(owner.part), Text.percent(owner.before), Text.percent(owner.after)])
    }
    return table.rendered()
  }

  /// One row a move, or of a first placement one a VM.
  var csv: String {
    if decision == .place {
      return "vm,host\n" + placement.sorted { $0.key < $1.key }.map { CSV.row([$0.key, $0.value]) }.joined()
    }
    return "order,vm,from,to,transfer_bytes,transfer_seconds,downtime_seconds,why\n"
      + moves.map {
        CSV.row([
          "\($0.order)", $0.vm, $0.from, $0.to, Text.decimals($0.transferBytes, 0), "\($0.transferSeconds)",
          "\($0.downtimeSeconds)", $0.why,
        ])
      }.joined()
  }
}
