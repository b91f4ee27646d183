import Answers
import Planning

extension PlanRecordDocument {
  /// What the plan stands on: labels and what belongs to them.
  var knowledge: [(String, String)] {
    var lines: [(String, String)] = []
    if let remaining, let seconds = remaining.seconds {
      let run = RemainingRun(
        source: remaining.source.flatMap(RemainingRun.Source.init) ?? .stated, seconds: seconds,
        errorSeconds: remaining.errorSeconds, basis: remaining.basis ?? "")
      lines.append(("Run", "\(run.words) (\(run.basis))"))
    }
    lines += (remaining?.remarks ?? []).map { ("Doubtful", $0) }
    if let payBackSeconds { lines.append(("Pays back", "after \(Text.duration(payBackSeconds))")) }
    if let saves {
      lines.append(
        (
          "Saves",
          "\(Text.percent(saves.waits)) of the run time by waits, \(Text.percent(saves.compute)) by faster cores"
        ))
      if saves.waitFactor < 1 {
        lines.append(("A wait", "counts \(Text.significant(saves.waitFactor)) of what the formula says"))
      }
    }
    if seen?.partial == true { lines.append(("Seen", "only a part of the application")) }
    return lines + (seen?.unknown ?? []).map { ("Not known", $0) }
  }
}
