internal import Dispatch
package import Model
package import Planning
internal import Synchronization

/// A scenario under several policies and seeds.
package struct Comparison: Sendable {
  package let scenario: Scenario
  package let seeds: [UInt64]
  package let policies: [PolicyName]
  package let objective: Objective
  /// By seed, then policy, in the order in which they were asked for.
  package let trials: [Trial]

  /// - Parameters:
  ///   - seeds: courses are independent of each other, and played side by side.
  ///   - policies: with `oracle`, ratios to it are known.
  package init(_ scenario: Scenario, seeds: [UInt64], policies: [PolicyName]) {
    self.scenario = scenario
    self.seeds = seeds
    self.policies = policies
    let slots = Mutex([[Trial]](repeating: [], count: seeds.count))
    DispatchQueue.concurrentPerform(iterations: seeds.count) { index in
      let trials = Self.trials(of: Course(of: scenario, seed: seeds[index]), policies)
      slots.withLock { $0[index] = trials }
    }
    trials = slots.withLock { $0.flatMap(\.self) }
    objective = Course(of: scenario, seed: 0).objective
  }

  /// Tells figures of a scenario that the planner's formulas can't be asked about, because they are too small or large.
  package static func check(_ scenario: Scenario) throws(PlacementError) {
    for factor in [1 - scenario.jitter, 1 + scenario.jitter] {
      let course = Course(of: scenario.calm(factor), seed: 0)
      for change in course.changes {
        var sites = course.sites
        sites[change.site].apply(change.kind)
        _ = try World.question(of: course, job: 0, phase: 0, sites: sites)
      }
      for job in course.jobs.indices {
        for phase in course.jobs[job].phases.indices {
          _ = try World.question(of: course, job: job, phase: phase, sites: course.sites)
        }
      }
    }
  }

  private static func trials(of course: Course, _ policies: [PolicyName]) -> [Trial] {
    guard policies.contains(.oracle) else {
      return policies.map { Trial(course, $0, of: $0.make(seed: course.seed)) }
    }
    var trials = PolicyName.blind.map { Trial(course, $0, of: $0.make(seed: course.seed)) }
    let oracle = Self.oracle(of: course, trials)
    trials.append(oracle)
    for index in trials.indices where oracle.value > 0 { trials[index].ratio = trials[index].value / oracle.value }
    return policies.compactMap { policy in trials.first { $0.policy == policy } }
  }

  // MARK: - The oracle

  /// The best of: each policy as it went, schedules worked out with knowledge of the course, and such schedules with
  /// the best policy's for those applications that they serve badly.
  private static func oracle(of course: Course, _ known: [Trial]) -> Trial {
    var best = known[0].asOracle("as ours")
    func offer(_ trial: Trial, _ note: String) {
      let isFirst = trial.total.isDone && !best.total.isDone
      if isFirst || trial.total.isDone == best.total.isDone && trial.value < best.value { best = trial.asOracle(note) }
    }
    for trial in known { offer(trial, "as \(trial.policy.rawValue)") }
    var schedules: [Int: SchedulePolicy.Schedule] = [:]
    for job in course.jobs.indices {
      let (candidates, starts) = candidates(of: job, course, known)
      let ends = known.filter { $0.policy != .random }.compactMap { $0.ends[job] }
      guard !candidates.isEmpty else { continue }
      let oracle = Oracle(
        course: course, job: job, candidates: candidates, starts: starts, latest: (ends.max() ?? course.end) * 1.02)
      if let schedule = oracle.schedule() { schedules[job] = schedule }
    }
    offer(Trial(course, .oracle, of: SchedulePolicy(schedules)), "a schedule")
    return best
  }

  /// Placements that an application may have; the first ones are where it may begin.
  private static func candidates(
    of job: Int, _ course: Course, _ known: [Trial]
  ) -> (placements: [[Int]], starts: Int) {
    var seen = Set<[Int]>()
    var placements: [[Int]] = []
    func add(_ placement: [Int]) { if seen.insert(placement).inserted { placements.append(placement) } }
    let isForced = !course.jobs[job].pattern.startsAt.isEmpty
    for trial in known {
      if let first = trial.histories[job].first { add(first) }
    }
    let begun = placements.count
    for trial in known where trial.policy != .random {
      for placement in trial.histories[job].prefix(24) where placements.count < mostCandidates { add(placement) }
    }
    if course.jobs.count <= mostJobs {
      for placement in Foresight(course, job: job).placements where placements.count < 2 * mostCandidates {
        add(placement)
      }
    }
    return (placements, isForced ? begun : placements.count)
  }

  private static let mostCandidates = 16
  /// With more applications, what one would like isn't to be had: the others are there.
  private static let mostJobs = 4
}

extension Scenario {
  /// One of each of its applications and events, without jitter, with figures as small or large as jitter makes them.
  fileprivate func calm(_ factor: Double) -> Scenario {
    var calm = self
    calm.jitter = 0
    for index in applications.indices {
      calm.applications[index].count = 1
      calm.applications[index].workHours = applications[index].workHours.map { $0 * factor }
      for phase in applications[index].phases.indices {
        calm.applications[index].phases[phase].waitsPerSecond *= factor
        calm.applications[index].phases[phase].bytesPerSecond *= factor
      }
    }
    for index in events.indices {
      calm.events[index].times = 1
      switch events[index].change {
      case .price(let price): calm.events[index].change = .price(price * factor)
      case .speed(let speed): calm.events[index].change = .speed(speed * factor)
      default: break
      }
    }
    return calm
  }
}
