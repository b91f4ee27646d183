public import Model

/// Plans several applications that share hosts and quotas.
///
/// Owners take turns, the one first that has least of its part: the largest of its parts of the federation's vCPUs and
/// memory, by its shares. In the first round an application gets no more of a site than is left of its owner's part, or
/// what it has there; from the second round on, all that is left. No application gets what another has or was given,
/// and each keeps its own constraints; rounds go on until none gains. One that then has no place is served first, anew.
public struct JointPlanner: Sendable {
  let federation: Federation
  let applications: [Application]
  /// R of each, hours; of a service its horizon.
  private(set) var hours: [Double] = []
  let traffic: SharedTraffic
  let windowSeconds: Double
  let now: Timestamp
  let task: PlacementInstance.Task

  static let mostRounds = 4

  /// - Parameter objective: instead of the applications'.
  public init(
    federation: Federation, applications: [Application], traffic: TrafficMatrix, windowSeconds: Double, now: Timestamp,
    task: PlacementInstance.Task, objective: Objective? = nil, ignoreUnknown: Bool = false
  ) throws(PlacementError) {
    self.federation = federation
    var chosen = applications
    var names = Set<String>()
    for index in chosen.indices {
      for name in [chosen[index].name] + chosen[index].vms.map({ "\(chosen[index].name)/\($0.name)" }) {
        guard names.insert(name).inserted else { throw .duplicateName(name) }
      }
      chosen[index].objective = objective ?? chosen[index].objective
    }
    self.applications = chosen
    self.traffic = try SharedTraffic(traffic, chosen, ignoreUnknown: ignoreUnknown)
    (self.windowSeconds, self.now, self.task) = (windowSeconds, now, task)
    // Each for itself: what is wrong with one is told at once.
    for index in chosen.indices {
      hours.append(try planner(chosen[index], index, federation) { _, _ in nil }.instance.remainingSeconds / 3600)
    }
  }

  /// Whose an application is; one of nobody in particular stands for itself.
  func party(_ index: Int) -> Party {
    applications[index].owner.map(Party.owner) ?? .application(applications[index].name)
  }

  /// The same in words.
  func owner(_ index: Int) -> String { party(index).words(among: parties) }

  private var parties: Set<Party> { Set(applications.indices.map(party)) }

  private func planner(
    _ application: Application, _ index: Int, _ room: Federation, sites: (Int, String) -> String?
  ) throws(PlacementError) -> Planner {
    let (matrix, endpoints) = traffic.part(of: index, sites: sites)
    var application = application
    application.endpoints += endpoints
    return try Planner(
      federation: room, application: application, traffic: matrix, windowSeconds: windowSeconds, now: now, task: task)
  }

  /// - Throws: also where a plan can't be made any more of what could be at first: `NothingFound`, `PlacementError`.
  public func plan(within limits: SearchLimits = SearchLimits(), needsMinimumGain: Bool = true) throws -> JointPlan {
    let elapsed = limits.start()
    var first: [Int] = []
    while true {
      let turns = try Turns(
        self, first: first, limits: limits, needsMinimumGain: needsMinimumGain, isOver: { elapsed() >= limits.seconds })
      // Who found no place is served before all others, if that wasn't tried yet.
      if elapsed() < limits.seconds, let hungry = turns.plans.firstIndex(where: { $0.decision == .infeasible }),
        !first.contains(hungry)
      {
        first.insert(hungry, at: 0)
        continue
      }
      // A tenth more is worth an order that a person can follow.
      return JointPlan(self, turns, within: limits.rest(after: min(elapsed(), limits.seconds * 0.9), steps: .max))
    }
  }

  /// The rounds of one order.
  struct Turns {
    private let planner: JointPlanner
    private let fairness: FairShare
    /// Where VMs are to be, by application.
    private(set) var placements: [[String: String]]
    private(set) var plans: [Plan] = []
    private let sites: [String: String]

    init(
      _ planner: JointPlanner, first: [Int], limits: SearchLimits, needsMinimumGain: Bool, isOver: () -> Bool
    ) throws {
      self.planner = planner
      let count = planner.applications.count
      fairness = FairShare(planner.federation, parties: planner.parties)
      sites = planner.federation.sitesOfHosts
      placements = planner.applications.map(\.presentPlacement)
      var share = limits
      share.seconds /= Double(count * 2)
      share.steps = limits.steps.map { $0 / (count * 2) }
      var current = [Plan?](repeating: nil, count: count)
      for round in 0..<JointPlanner.mostRounds {
        var waiting = Set(0..<count)
        var hasChanged = false
        while let next = next(of: waiting, first) {
          waiting.remove(next)
          let question = try planner.planner(
            planner.applications[next], next, room(for: next, isCapped: round == 0),
            sites: { application, vm in placements[application][vm].flatMap { sites[$0] } })
          let plan: Plan
          do {
            plan = try question.plan(within: share, needsMinimumGain: needsMinimumGain)
          } catch {
            // What was found before stands, and more room may come.
            if round == 0 || current[next] != nil { continue }
            throw error
          }
          // In the first round another one's part may be in the way; the second tells.
          if plan.decision == .infeasible, round == 0 || current[next] != nil { continue }
          // What was said of the same placement, when there was still more room, stands.
          if current[next] == nil || plan.placement != placements[next] { current[next] = plan }
          guard plan.decision != .infeasible, plan.placement != placements[next] else { continue }
          placements[next] = plan.placement
          hasChanged = true
        }
        if round > 0, !hasChanged || isOver() { break }
      }
      plans = current.compactMap(\.self)
    }

    /// Who is next: those that are to be first, then whose owner has least of its part, then by name.
    private func next(of waiting: Set<Int>, _ first: [Int]) -> Int? {
      if let hungry = first.first(where: waiting.contains) { return hungry }
      let served = { (index: Int) in
        fairness.served(planner.party(index), use { planner.party($0) == planner.party(index) }.total)
      }
      return waiting.min { (served($0), planner.applications[$0].name) < (served($1), planner.applications[$1].name) }
    }

    /// What some applications use, by where they are to be.
    func use(of included: (Int) -> Bool) -> SharedUse { use(included, placements) }

    private func use(_ included: (Int) -> Bool, _ placements: [[String: String]]) -> SharedUse {
      var use = SharedUse()
      for index in planner.applications.indices where included(index) {
        let application = planner.applications[index]
        use.add(
          application.vms, at: placements[index], hours: planner.hours[index], sitesOfHosts: sites)
      }
      return use
    }

    private func room(for index: Int, isCapped: Bool) -> Federation {
      let room = planner.federation.beside(use { $0 != index })
      guard isCapped else { return room }
      let party = planner.party(index)
      return room.capped(
        to: fairness.parts[party] ?? 1, of: planner.federation,
        beside: use { $0 != index && planner.party($0) == party },
        keeping: use({ $0 == index }, planner.applications.map(\.presentPlacement)))
    }

    /// What each owner has a right to, and has before and after; by name.
    var owners: [JointPlan.OwnerShare] {
      fairness.parts.map { party, part in
        let isOwn = { planner.party($0) == party }
        return JointPlan.OwnerShare(
          owner: party.words(among: fairness.parts.keys), part: part,
          before: fairness.dominantShare(use(isOwn, planner.applications.map(\.presentPlacement)).total),
          after: fairness.dominantShare(use(of: isOwn).total))
      }.sorted { $0.owner < $1.owner }
    }
  }
}

extension Application {
  /// Host of each VM that has one, by name.
  var presentPlacement: [String: String] {
    Dictionary(vms.compactMap { vm in vm.host.map { (vm.name, $0) } }, uniquingKeysWith: { first, _ in first })
  }
}
