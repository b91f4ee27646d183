import Model

extension Planner {
  /// The moves of a schedule in words and figures; where there is none, those of the placement, without times.
  func moves(
    _ schedule: MoveSchedule?, before: PlacementEvaluation?, after: PlacementEvaluation, in instance: PlacementInstance
  ) -> [Plan.Move] {
    guard let before, let schedule else { return [] }
    let reasons = MoveReason(instance, before: before, after: after)
    func move(_ vm: Int, _ from: Int, _ to: Int, _ why: String, _ migration: Migration, _ order: Int) -> Plan.Move {
      Plan.Move(
        vm: instance.vms[vm].name, from: instance.hosts[from].name, to: instance.hosts[to].name, why: why,
        transferBytes: migration.bytes.rounded(), transferSeconds: migration.seconds,
        downtimeSeconds: migration.downtimeSeconds, order: order, after: [])
    }
    guard schedule.isComplete else {
      let byVM = Dictionary(uniqueKeysWithValues: after.moves.map { ($0.vm, $0) })
      return schedule.vms.enumerated().compactMap { index, vm in
        guard let direct = byVM[vm], case .success(let migration) = direct.migration else { return nil }
        return move(vm, direct.from, direct.to, reasons.words(for: vm), migration, index + 1)
      }
    }
    return schedule.moves.enumerated().map { index, timed in
      let (vm, target) = (timed.vm, after.placement[timed.vm])
      let why =
        if timed.to != target {
          MoveSchedule.whyAside
        } else if timed.isDetour, before.placement[vm] == target {
          "comes back"
        } else {
          reasons.words(for: vm)
        }
      var move = move(vm, timed.from, timed.to, why, timed.alone, index + 1)
      (move.startSeconds, move.endSeconds) = (timed.start, timed.end)
      move.after = timed.after.map { $0 + 1 }
      return move
    }
  }
}

extension Plan.Schedule {
  /// Nil where nothing is timed.
  init?(_ schedule: MoveSchedule) {
    guard !schedule.moves.isEmpty else { return nil }
    self.init(
      seconds: schedule.seconds, leastSeconds: schedule.leastSeconds, crossingBytes: schedule.crossingBytes.rounded(),
      crossingCost: schedule.crossingPrice, detours: Set(schedule.moves.filter(\.isDetour).map(\.vm)).count,
      detourCost: schedule.detourPrice, detourDowntimeSeconds: schedule.detourDowntimeSeconds)
  }
}

extension MoveSchedule {
  static let whyAside = "is set aside, since without that the moves have no order"

  /// Why there is no order; nil where there is one.
  package func reason(in instance: PlacementInstance) -> String? {
    if isComplete { return nil }
    let what =
      isProven
      ? "no order of these moves fits at every step"
      : "no order of these moves that fits at every step was found in the time"
    return "\(what): \(Words.sentences(obstacles)); \(whyNotAside)"
  }
}
