import Model

/// What to do with several applications: a plan for each, and the order of all moves.
public struct JointPlan: Sendable {
  public struct Part: Sendable {
    public var application: String
    public var owner: String
    public var plan: Plan
  }

  /// What an owner has of the federation: of the resource of which it has the largest part.
  public struct OwnerShare: Hashable, Sendable, Encodable {
    public var owner: String
    /// What is its by its shares.
    public var part: Double
    public var before: Double
    public var after: Double
  }

  public var decision: Plan.Decision
  public var reason: String
  public var parts: [Part]
  public var owners: [OwnerShare]
  /// Host of each VM, by `application/vm`; empty where infeasible.
  public var placement: [String: String]
  /// Of all applications, in the order in which they start; VMs are `application/vm`.
  public var moves: [Plan.Move]
  /// From the first start to the last end of all; nil where there are none, or no order of them.
  public var scheduleSeconds: Double?
  /// Whether every step of that order fits.
  public var orderable: Bool
  public var orderReason: String?
  /// What was taken to be otherwise than the documents say, as it was asked for.
  public var assumptions: [String] = []

  /// By what all were weighed against each other.
  public static let rule =
    "owners take turns, who has least of its part first; none gets what another has or was given; what an owner leaves "
    + "of its part is free to all"
}

extension JointPlan {
  /// - Parameter limits: of the search for an order of all moves.
  init(_ planner: JointPlanner, _ turns: JointPlanner.Turns, within limits: SearchLimits) {
    parts = zip(planner.applications, turns.plans).enumerated().map { index, entry in
      Part(application: entry.0.name, owner: planner.owner(index), plan: entry.1)
    }
    owners = turns.owners
    let infeasible = parts.filter { $0.plan.decision == .infeasible }
    let moving = parts.filter { $0.plan.decision == .move }
    decision =
      infeasible.isEmpty ? (planner.task == .place ? .place : moving.isEmpty ? .stay : .move) : .infeasible
    let names = { (parts: [Part]) in Words.list(parts.map(\.application)) }
    let what =
      switch decision {
      case .infeasible: "no placement was found beside the others for \(names(infeasible))"
      case .move: "\(names(moving)) \(moving.count == 1 ? "moves" : "move")"
      case .stay: "nothing gains enough"
      case .place: "\(Words.count(parts.count, "application")) placed"
      }
    reason = "\(what); \(Self.rule)"
    placement = [:]
    (moves, orderable, orderReason) = ([], true, nil)
    guard infeasible.isEmpty else { return }
    for part in parts {
      for (vm, host) in part.plan.placement { placement["\(part.application)/\(vm)"] = host }
    }
    if decision == .move { orderMoves(planner, within: limits) }
  }

  /// One order for the moves of all, in which every step fits.
  private mutating func orderMoves(_ planner: JointPlanner, within limits: SearchLimits) {
    let instance: PlacementInstance
    do throws(PlacementError) {
      instance = try PlacementInstance(
        federation: planner.federation, application: Application(merging: planner.applications),
        traffic: TrafficMatrix(rows: [], hasWaits: true), windowSeconds: planner.windowSeconds, now: planner.now,
        task: .move)
    } catch {
      (orderable, orderReason) = (false, "the moves of all can't be looked at together: \(error)")
      return
    }
    guard let present = instance.present else { return }
    let hosts = Dictionary(instance.hosts.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let targets = instance.vms.indices.map { vm in placement[instance.vms[vm].name].flatMap { hosts[$0] } ?? present[vm]
    }
    let schedule = MoveSchedule(from: present, to: targets, in: instance, within: limits)
    var all: [String: Plan.Move] = [:]
    for part in parts {
      for move in part.plan.moves where move.to == part.plan.placement[move.vm] {
        all["\(part.application)/\(move.vm)"] = move
      }
    }
    (orderable, orderReason) = (schedule.isComplete, schedule.reason(in: instance))
    guard schedule.isComplete else {
      moves = schedule.vms.enumerated().compactMap { index, vm in
        guard var move = all[instance.vms[vm].name] else { return nil }
        (move.vm, move.order, move.after) = (instance.vms[vm].name, index + 1, [])
        (move.startSeconds, move.endSeconds) = (nil, nil)
        return move
      }
      return
    }
    scheduleSeconds = schedule.moves.isEmpty ? nil : schedule.seconds
    moves = schedule.moves.enumerated().map { index, timed in
      let name = instance.vms[timed.vm].name
      let why = timed.to == targets[timed.vm] ? all[name]?.why ?? "comes back" : MoveSchedule.whyAside
      return Plan.Move(
        vm: name, from: instance.hosts[timed.from].name, to: instance.hosts[timed.to].name, why: why,
        transferBytes: timed.alone.bytes.rounded(), transferSeconds: timed.alone.seconds,
        downtimeSeconds: timed.alone.downtimeSeconds, order: index + 1, startSeconds: timed.start,
        endSeconds: timed.end,
        after: timed.after.map { $0 + 1 })
    }
  }
}

extension Application {
  /// The VMs of all, as `application/vm`, with what binds them to each other; no traffic.
  fileprivate init(merging applications: [Application]) {
    self.init(
      name: applications.map(\.name).joined(separator: "+"),
      vms: applications.flatMap { application in
        application.vms.map { vm in
          var vm = vm
          (vm.name, vm.addresses) = ("\(application.name)/\(vm.name)", [])
          return vm
        }
      },
      constraints: applications.flatMap { application in
        application.constraints.map { constraint in
          let named = { (vms: [String]) in vms.map { "\(application.name)/\($0)" } }
          return switch constraint {
          case .pin(let vm, let sites): .pin(vm: named([vm])[0], sites: sites)
          case .ban(let vm, let sites): .ban(vm: named([vm])[0], sites: sites)
          case .together(let vms): .together(named(vms))
          case .apart(let vms): .apart(named(vms))
          case .spread(let vms, let most): .spread(named(vms), maximumPerSite: most)
          case .residency(let vms, let jurisdictions): .residency(named(vms), jurisdictions: jurisdictions)
          }
        }
      })
  }
}

extension JointPlan {
  /// Every term of each application's plan; subjects are `application/subject`.
  public var explanation: Explanation {
    Explanation(
      rows: parts.flatMap { part in
        part.plan.explanation.rows.map { row in
          var row = row
          row.subject = "\(part.application)/\(row.subject)"
          return row
        }
      })
  }
}

extension JointPlan: Encodable {
  enum CodingKeys: String, CodingKey {
    case decision, reason, fairness, assumptions, applications, owners, placement, moves, scheduleSeconds, orderable
    case orderReason
  }

  private struct PartDocument: Encodable {
    var part: Part

    enum CodingKeys: String, CodingKey { case application, owner }

    func encode(to encoder: any Encoder) throws {
      try part.plan.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(part.application, forKey: .application)
      try container.encode(part.owner, forKey: .owner)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(decision, forKey: .decision)
    try container.encode(reason, forKey: .reason)
    try container.encode(Self.rule, forKey: .fairness)
    if !assumptions.isEmpty { try container.encode(assumptions, forKey: .assumptions) }
    try container.encode(parts.map(PartDocument.init), forKey: .applications)
    try container.encode(owners, forKey: .owners)
    guard decision != .infeasible else { return }
    try container.encode(placement, forKey: .placement)
    try container.encode(moves, forKey: .moves)
    try container.encodeIfPresent(scheduleSeconds, forKey: .scheduleSeconds)
    try container.encode(orderable, forKey: .orderable)
    try container.encodeIfPresent(orderReason, forKey: .orderReason)
  }
}
