internal import Model
internal import Planning

/// What the planner would choose in each state that sites and an application will be in, if that lasted.
struct Foresight {
  let placements: [[Int]]

  /// States that are looked at.
  static let most = 12

  private struct Moment: Hashable {
    var sites: [SiteState]
    var phase: Int
  }

  init(_ course: Course, job: Int) {
    var moments: [Moment] = []
    var seen = Set<Moment>()
    var sites = course.sites
    func add() {
      for phase in course.jobs[job].phases.indices {
        var moment = Moment(sites: sites, phase: phase)
        for site in moment.sites.indices { moment.sites[site].closes = nil }
        if seen.insert(moment).inserted { moments.append(moment) }
      }
    }
    add()
    for change in course.changes {
      sites[change.site].apply(change.kind)
      add()
    }
    let step = max(1, (moments.count + Self.most - 1) / Self.most)
    let chosen = stride(from: 0, to: moments.count, by: step).map { moments[$0] }
    placements = chosen.compactMap { Self.best(course, job, $0) }
  }

  private static func best(_ course: Course, _ job: Int, _ moment: Moment) -> [Int]? {
    let policy = StaticPolicy()
    let world = World(course, policy: policy)
    world.sites = moment.sites
    let description = course.jobs[job]
    var application = description.application
    application.remainingHours = description.work.map { $0 / 3600 }
    let planner = try? Planner(
      federation: world.federation(for: job), application: application,
      traffic: description.matrix(phase: moment.phase, slowdown: 1, window: World.window),
      windowSeconds: World.window, now: course.scenario.start, task: .place)
    guard let plan = try? planner?.plan(within: world.limits(for: job)), plan.decision == .place else { return nil }
    return application.vms.compactMap { plan.placement[$0.name].flatMap { world.hostNumbers[$0] } }
  }
}
