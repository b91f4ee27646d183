import Answers
import Planning

extension PlanRecordDocument {
  /// What the plan stands on: labels and what belongs to them.
  var knowledge: [(String, String)] {
    var lines = remaining?.lines ?? []
    if let payBackSeconds { lines.append(("Pays back", "after \(Text.duration(payBackSeconds))")) }
    if let saves {
      let (waits, compute) = (Text.percent(saves.waits), Text.percent(saves.compute))
      lines.append(("Saves", "\(waits) of the run time by waits, \(compute) by faster cores"))
      if saves.waitFactor < 1 {
        lines.append(("A wait", "counts \(Text.significant(saves.waitFactor)) of what the formula says"))
      }
    }
    return lines + (seen?.lines ?? [])
  }
}

extension ApplicationStatusDocument {
  /// How long it still runs, what its moves have shown, and what isn't seen: labels and what belongs to them.
  var knowledge: [(String, String)] {
    var lines = remaining?.lines ?? []
    if let calibration {
      let error = calibration.error.map { " ± \(Text.significant($0))" } ?? ""
      let plans = calibration.plans == 1 ? "one plan" : "\(calibration.plans) plans"
      lines.append(
        ("A wait", "counts \(Text.significant(calibration.waitFactor))\(error) of what the formula says (\(plans))"))
    }
    return lines + (seen?.lines ?? [])
  }
}

extension PlanKnowledge.Remaining {
  fileprivate var lines: [(String, String)] {
    var lines: [(String, String)] = []
    if let seconds {
      let run = RemainingRun(
        source: source.flatMap(RemainingRun.Source.init) ?? .stated, seconds: seconds, errorSeconds: errorSeconds,
        basis: basis ?? "")
      lines.append(("Run", "\(run.words) (\(run.basis))"))
    }
    return lines + (remarks ?? []).map { ("Doubtful", $0) }
  }
}

extension PlanKnowledge.Seen {
  fileprivate var lines: [(String, String)] {
    (partial ? [("Seen", "only a part of the application")] : []) + unknown.map { ("Not known", $0) }
  }
}
