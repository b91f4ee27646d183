import Model

/// Why placements follow one another, in words.
struct StagingReason {
  let instance: PlacementInstance
  let now: Timestamp
  let staging: Staging
  /// What it was held against: staying now, or what moves now; nil: nothing else fits.
  let other: Staging?

  /// `staying, and moving 1 VM before a closes at …: over the whole remaining run that costs 8; moving now would cost 9`.
  var words: String {
    "\(steps.joined(separator: ", then "))\(steps.count > 1 ? "" : " to the end"): over the whole remaining run "
      + "\(figure(staging))" + (alternative.map { "; \($0)" } ?? "")
  }

  private var steps: [String] {
    var steps = [move(staging.stages[0], isFirst: true)]
    for (stage, later) in zip(staging.stages, staging.stages.dropFirst()) {
      guard let ends = stage.ends else { continue }
      let at = now.advanced(bySeconds: ends.at)
      let why =
        switch ends.because {
        case .closes(let site):
          "before \(instance.sites[site].name) closes at "
            + "\(now.advanced(bySeconds: stage.begins + (stage.instance.secondsUntilClosed[site] ?? 0)))"
        case .opens(let site): "when \(instance.sites[site].name) opens at \(at)"
        }
      steps.append("\(move(later, isFirst: false)) \(why)")
    }
    return steps
  }

  private func move(_ stage: Stage, isFirst: Bool) -> String {
    let moves = stage.evaluation.moves.count
    guard moves > 0 else { return isFirst && instance.present == nil ? "placing" : "staying" }
    return "moving \(Words.count(moves, "VM"))" + (isFirst ? " now" : "")
  }

  private func figure(_ staging: Staging) -> String {
    let value = staging.value(instance.objective)
    switch instance.objective {
    case .cost: return "that costs \(Words.number(value))"
    case .time: return "that takes \(Words.duration(value))"
    case .resources: return "that takes \(Words.number(value)) W on average"
    }
  }

  private var alternative: String? {
    guard let other else { return nil }
    let value = other.value(instance.objective)
    let amount =
      switch instance.objective {
      case .cost: "cost \(Words.number(value))"
      case .time: "take \(Words.duration(value))"
      case .resources: "take \(Words.number(value)) W"
      }
    if other.staysNow == staging.staysNow, other.stages.count == staging.stages.count { return nil }
    return "\(other.staysNow ? "staying" : "moving") now\(other.stages.count == 1 ? " to the end" : "") would \(amount)"
  }
}
