internal import Model
internal import Planning

/// Decides where applications are, one at a time; sees a world as it is now, not what comes.
protocol Policy: AnyObject {
  /// A host for each VM of an application that arrives; nil: there is no room.
  func place(_ job: Int, in world: World) -> [Int]?
  /// Moves to be made one after another; none: it stays.
  func decide(_ job: Int, in world: World) -> [Step]
  /// A plan of its own was carried out, or has failed.
  func ended(_ job: Int, failed: Bool, seconds: Double, in world: World)
}

extension Policy {
  func ended(_ job: Int, failed: Bool, seconds: Double, in world: World) {}
}

extension World {
  /// The planner's first placement.
  func plannedPlace(of job: Int) -> [Int]? {
    guard let plan = try? planner(for: job)?.plan(within: limits(for: job)), plan.decision == .place else { return nil }
    return course.jobs[job].application.vms.compactMap { plan.placement[$0.name].flatMap { hostNumbers[$0] } }
  }
}

/// The policies that are compared, by the names under which they are asked for.
package enum PolicyName: String, CaseIterable, Hashable, Sendable {
  /// The planner, and when to act, as the loop has them.
  case ours
  /// The same, without memory: moves as soon as a plan gains enough.
  case eager
  /// That of the report of 2010.
  case report
  /// The planner's first placement for ever.
  case still = "static"
  case random
  /// Each VM at the cheapest site that has room.
  case firstFit = "first-fit"
  /// Knows the future.
  case oracle

  /// Those that know no more than the present.
  package static let blind: [PolicyName] = allCases.filter { $0 != .oracle }

  func make(seed: UInt64) -> any Policy {
    switch self {
    case .ours: PlannerPolicy(isPatient: true)
    case .eager: PlannerPolicy(isPatient: false)
    case .report: ReportPolicy()
    case .still, .oracle: StaticPolicy()
    case .random: RandomPolicy(seed: seed)
    case .firstFit: FirstFitPolicy()
    }
  }
}
