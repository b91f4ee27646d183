import Model
import Planning
import Testing

/// Schedules of random moves on federations with little room, replayed by a simulation that was written apart.
@Suite struct MoveScheduleTests {
  /// Five hundred of them: nothing is broken at any instant, the figures are those of the replay, no order of up to
  /// seven moves takes less than 1/1.1 of the time, and what is said to be stuck is.
  @Test(arguments: 0..<10) func randomTransitions(_ part: Int) throws {
    var tested = 0
    for seed in part * 1000..<part * 1000 + 200 where tested < 50 {
      guard let transition = try RandomTransition(seed: seed) else { continue }
      tested += 1
      let instance = try transition.instance()
      let schedule = MoveSchedule(from: transition.present, to: transition.target, in: instance)
      guard schedule.isComplete else {
        #expect(schedule.moves.isEmpty && !schedule.obstacles.isEmpty && !schedule.whyNotAside.isEmpty)
        let reachability = Reachability(of: transition, in: instance, placements: 300)
        #expect(reachability.isReachable != true, "seed \(seed): \(schedule.stuck)")
        continue
      }
      let moves = schedule.replayed
      #expect(try problems(schedule, transition, instance) == [], "seed \(seed)")
      #expect(schedule.leastSeconds <= schedule.seconds * (1 + 1e-9))
      guard moves.count <= 7 else { continue }
      let shorter = ExhaustiveSchedule(
        moves, from: transition.present, in: instance, limits: MoveLimits(), below: schedule.seconds / 1.1,
        looks: 20_000)
      #expect(shorter.shortest == nil && !shorter.isCut, "seed \(seed): \(schedule.seconds) s")
    }
    #expect(tested == 50)
  }

  /// More moves than can be tried in all orders, and narrower limits.
  @Test(arguments: 700..<730) func manyMovesWithOtherLimits(_ seed: Int) throws {
    guard let transition = try RandomTransition(seed: seed, most: 10) else { return }
    let instance = try transition.instance()
    let limits = MoveLimits(leavingHost: 2, arrivingAtHost: 1, perLink: 1 + seed % 2, perSitePair: 2)
    let schedule = MoveSchedule(from: transition.present, to: transition.target, in: instance, limits: limits)
    if schedule.isComplete { #expect(try problems(schedule, transition, instance, limits) == []) }
  }

  /// Where moves are made one after another: an order at once, and nothing broken.
  @Test(arguments: 0..<30) func withoutLookingForOverlap(_ seed: Int) throws {
    guard let transition = try RandomTransition(seed: seed) else { return }
    let instance = try transition.instance()
    var limits = MoveLimits()
    let sought = MoveSchedule(from: transition.present, to: transition.target, in: instance, limits: limits)
    limits.isOverlapSought = false
    let schedule = MoveSchedule(from: transition.present, to: transition.target, in: instance, limits: limits)
    #expect(schedule.isComplete == sought.isComplete && schedule.moves.count == sought.moves.count)
    #expect(sought.seconds <= schedule.seconds * (1 + 0.03))
    if schedule.isComplete { #expect(try problems(schedule, transition, instance, limits) == []) }
  }

  /// Begun by what each waits for, not by the clock, moves that take other times than was thought break nothing.
  @Test(arguments: 0..<100) func whatIsWaitedForSuffices(_ seed: Int) throws {
    guard let transition = try RandomTransition(seed: seed) else { return }
    let instance = try transition.instance()
    let schedule = MoveSchedule(from: transition.present, to: transition.target, in: instance)
    var other = transition
    var random = FixedRandom(seed + 1)
    for vm in other.application.vms.indices {
      other.application.vms[vm].memoryGiB *= random.pick([0.1, 1])
      other.application.vms[vm].dirtyMiBps = 0
    }
    // Rooms stay what they were: memory has limits on hosts, and less is used.
    let lighter = try other.instance()
    var replay = ScheduleReplay(schedule.replayed, from: transition.present, in: lighter, limits: MoveLimits())
    var waitsFor: Set<Int> = []
    for (index, move) in schedule.moves.enumerated() {
      waitsFor.formUnion(move.after)
      while !waitsFor.allSatisfy({ replay.ends[$0] != nil }) {
        try #require(!replay.isIdle)
        replay.goOn()
      }
      #expect(replay.objections(to: index) == [])
      replay.start(index)
    }
    while !replay.isIdle { replay.goOn() }
    if schedule.isComplete { #expect(replay.places == transition.target) }
  }

  @Test func sameQuestionSameSchedule() throws {
    for seed in 0..<20 {
      guard let transition = try RandomTransition(seed: seed) else { continue }
      let instance = try transition.instance()
      let schedules = (0..<2).map { _ in MoveSchedule(from: transition.present, to: transition.target, in: instance) }
      #expect(schedules[0].moves == schedules[1].moves)
    }
  }

  /// Everything that is wrong with a schedule, in words.
  private func problems(
    _ schedule: MoveSchedule, _ transition: RandomTransition, _ instance: PlacementInstance,
    _ limits: MoveLimits = MoveLimits()
  ) throws -> [String] {
    var replay = ScheduleReplay(schedule.replayed, from: transition.present, in: instance, limits: limits)
    var problems: [String] = []
    for (index, move) in schedule.moves.enumerated() {
      replay.goOn(to: move.start)
      problems += replay.objections(to: index)
      replay.start(index)
    }
    while !replay.isIdle { replay.goOn() }
    if replay.places != transition.target { problems.append("VMs are elsewhere") }
    func compare(_ what: String, _ said: Double, _ replayed: Double) {
      if abs(said - replayed) > 1e-5 * abs(replayed) + 1e-4 { problems.append("\(what): \(said), \(replayed)") }
    }
    for (index, move) in schedule.moves.enumerated() {
      compare("end of move \(index)", move.end, try #require(replay.ends[index]))
      compare("bytes of move \(index)", move.bytes, replay.bytes[index])
    }
    compare("the end", schedule.seconds, replay.now)
    compare("bytes between sites", schedule.crossingBytes, replay.crossed)
    return problems
  }
}

extension MoveSchedule {
  var replayed: [ScheduleReplay.Move] { moves.map { ScheduleReplay.Move(vm: $0.vm, from: $0.from, to: $0.to) } }
}
