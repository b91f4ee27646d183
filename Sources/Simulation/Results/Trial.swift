internal import Planning

/// A point of a run: what all applications together have come to by then.
package struct Sample: Hashable, Sendable {
  /// From the start.
  package var seconds: Double
  package var value: Double
}

/// How one course went under one policy.
package struct Trial: Sendable {
  package let seed: UInt64
  package let policy: PolicyName
  /// In the objective: money, seconds or watt-seconds.
  package let value: Double
  /// Of each application.
  package let accounts: [Account]
  package let samples: [Sample]
  /// How many plans the rule of regret allows; nil: the policy has no such rule.
  package let mostPlans: Int?
  /// By how much it is above the oracle's; nil: there is none.
  package var ratio: Double?
  /// Of the oracle: which way was the best.
  package var note: String?
  /// Of each application, when it ended, and where it was.
  let ends: [Double?]
  let histories: [[[Int]]]

  package var total: Account {
    accounts.reduce(into: Account(isDone: true)) { sum, account in
      sum.hosting += account.hosting
      sum.egress += account.egress
      sum.migration += account.migration
      sum.seconds += account.seconds
      sum.energy += account.energy
      sum.plans += account.plans
      sum.failedPlans += account.failedPlans
      sum.moves += account.moves
      sum.failedMoves += account.failedMoves
      sum.movedBytes += account.movedBytes
      sum.restarts += account.restarts
      sum.standing += account.standing
      sum.isDone = sum.isDone && account.isDone
    }
  }

  /// Plays a course under a policy; under `oracle` without knowing anything, as `static`.
  package init(of course: Course, under policy: PolicyName) {
    self.init(course, policy, of: policy.make(seed: course.seed))
  }

  /// Plays a course in which each application is where it is told, from when it is told: hosts by index.
  package init(of course: Course, following schedules: [Int: [(seconds: Double, placement: [Int])]]) {
    self.init(course, .oracle, of: SchedulePolicy(schedules))
  }

  init(_ course: Course, _ policy: PolicyName, of maker: any Policy) {
    let world = World(course, policy: maker)
    world.run()
    seed = course.seed
    self.policy = policy
    value = world.value
    accounts = world.runs.map(\.account)
    samples = world.samples
    ends = world.runs.map(\.ended)
    histories = world.runs.map { $0.history.map(\.placement) }
    if let planner = maker as? PlannerPolicy {
      let all = world.runs.indices.map { planner.mostPlans(of: $0) }
      // Plans that fail are tried again without new losses.
      let failed = world.runs.reduce(0) { $0 + $1.account.failedPlans }
      mostPlans = all.allSatisfy { $0 != nil } ? all.reduce(failed) { $0 + ($1 ?? 0) } : nil
    } else {
      mostPlans = nil
    }
  }

  private init(copying other: Trial, as policy: PolicyName, note: String) {
    (seed, value, accounts, samples) = (other.seed, other.value, other.accounts, other.samples)
    (mostPlans, ends, histories) = (nil, other.ends, other.histories)
    self.policy = policy
    self.note = note
  }

  func asOracle(_ note: String) -> Trial { Trial(copying: self, as: .oracle, note: note) }
}
