import Answers
import Drawing
import Model
import Planning

extension Plan {
  /// Moves that are printed as a timeline; the others are in the table.
  private static let mostBars = 40
  private static let barWidth = 40.0

  /// When each move starts and ends, with a bar.
  func timeline(_ schedule: Schedule) -> String {
    var table = TextTable([("VM", .left), ("START", .right), ("END", .right), ("", .left)])
    for move in moves.prefix(Self.mostBars) {
      guard let start = move.startSeconds, let end = move.endSeconds else { continue }
      let scale = Self.barWidth / max(schedule.seconds, .leastNormalMagnitude)
      let first = min(Int(start * scale), Int(Self.barWidth) - 1)
      let last = max(first + 1, Int((end * scale).rounded(.up)))
      let bar = String(repeating: "·", count: first) + String(repeating: "█", count: last - first)
      let rest = String(repeating: "·", count: max(0, Int(Self.barWidth) - last))
      table.append([move.vm, Text.duration(start), Text.duration(end), bar + rest])
    }
    let more = moves.count - Self.mostBars
    return table.rendered() + (more > 0 ? "and \(more) more\n" : "") + facts(schedule).map { $0 + "\n" }.joined()
  }

  /// What the timeline comes to, in sentences.
  func facts(_ schedule: Schedule) -> [String] {
    let least =
      schedule.seconds <= schedule.leastSeconds * (1 + 1e-6)
      ? "no schedule of them is shorter" : "none is shorter than \(Text.duration(schedule.leastSeconds))"
    var facts = ["The moves take \(Text.duration(schedule.seconds)); \(least)."]
    if schedule.crossingBytes > 0 {
      facts.append(
        "Meanwhile \(Text.bytes(schedule.crossingBytes)) of the application's traffic cross between sites, which costs "
          + "\(Text.significant(schedule.crossingCost)).")
    }
    if schedule.detours > 0 {
      facts.append(
        "VMs that change places are set aside on other hosts (\(schedule.detours)), which costs "
          + "\(Text.significant(schedule.detourCost)) more, and "
          + "\(Text.duration(schedule.detourDowntimeSeconds)) of downtime.")
    }
    return facts
  }
}

extension PlanQuestion.Answer {
  /// The moves in time, as a picture.
  ///
  /// - Parameter federation: that was planned for, whose sites give moves their links.
  func timeline(of applications: [Application], in federation: Federation) -> TimelineDrawing {
    let sites = federation.sitesOfHosts
    let (moves, facts) =
      switch self {
      case .one(let plan): (plan.moves, plan.schedule.map(plan.facts) ?? [plan.reason])
      case .several(let plan):
        (plan.moves, [plan.scheduleSeconds.map { "The moves take \(Text.duration($0))." } ?? plan.reason])
      }
    let bars = moves.compactMap { move -> TimelineDrawing.Bar? in
      guard let start = move.startSeconds, let end = move.endSeconds, let from = sites[move.from],
        let to = sites[move.to]
      else { return nil }
      return TimelineDrawing.Bar(
        name: move.vm, from: move.from, to: move.to, link: from == to ? "within \(from)" : "\(from) → \(to)",
        start: start,
        end: end)
    }
    let names = applications.map(\.name).joined(separator: ", ")
    return TimelineDrawing(title: "Moves of \(names)", facts: facts, bars: bars, duration: Text.duration)
  }
}
