import Planning

/// The shortest schedule of some moves, by trying at every instant at which a move ends or has been sent to start any
/// set of those that may.
struct ExhaustiveSchedule {
  /// Nil where nothing shorter than what was asked for was found.
  private(set) var shortest: Double?
  private(set) var isCut = false
  private var bound: Double
  private var looks: Int

  /// - Parameters:
  ///   - bound: only what is shorter is looked for.
  ///   - looks: instants that are looked at, at most.
  init(
    _ moves: [ScheduleReplay.Move], from present: [Int], in instance: PlacementInstance, limits: MoveLimits,
    below bound: Double, looks: Int
  ) {
    (self.bound, self.looks) = (bound, looks)
    let order = moves.indices.sorted { alone(moves[$0], instance) > alone(moves[$1], instance) }
    search(ScheduleReplay(order.map { moves[$0] }, from: present, in: instance, limits: limits), from: 0)
  }

  private mutating func search(_ replay: ScheduleReplay, from first: Int) {
    looks -= 1
    if looks < 0 { isCut = true }
    if looks < 0 || leastEnd(replay) >= bound * (1 - 1e-9) { return }
    if replay.isOver {
      bound = replay.now
      shortest = replay.now
      return
    }
    for index in replay.moves.indices where index >= first && replay.starts[index] == nil {
      guard replay.objections(to: index).isEmpty else { continue }
      var started = replay
      started.start(index)
      search(started, from: index + 1)
    }
    guard !replay.isIdle else { return }
    var later = replay
    later.goOn()
    search(later, from: 0)
  }

  /// No end is before: what hasn't started has to cross each link, alone at best.
  private func leastEnd(_ replay: ScheduleReplay) -> Double {
    var busy: [[Int]: Double] = [:]
    for index in replay.moves.indices where replay.starts[index] == nil {
      let move = replay.moves[index]
      let sites = [replay.instance.hostSites[move.from], replay.instance.hostSites[move.to]]
      let seconds = alone(move, replay.instance)
      if sites[0] != sites[1] { busy[[0] + sites, default: 0] += seconds }
      busy[[1, move.from], default: 0] += (seconds + 0.05) / Double(replay.limits.leavingHost)
      busy[[2, move.to], default: 0] += (seconds + 0.05) / Double(replay.limits.arrivingAtHost)
    }
    return replay.now + (busy.values.max() ?? 0)
  }
}

private func alone(_ move: ScheduleReplay.Move, _ instance: PlacementInstance) -> Double {
  let bandwidth = instance.between.bandwidth[
    instance.hostSites[move.from] * instance.sites.count + instance.hostSites[move.to]]
  return (try? Migration(of: instance.vms[move.vm], bandwidth: bandwidth).seconds) ?? 0
}
