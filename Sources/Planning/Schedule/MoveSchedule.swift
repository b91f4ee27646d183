import Model

/// The moves from one placement to another in time: when each starts and ends, so that at no instant a constraint is
/// broken that the placements keep.
///
/// A VM takes room on both hosts from the start of its move to its end. Bandwidth is shared among the moves that use a
/// link at the same time. Where the moves alone have no order, VMs are set aside on other hosts (`DetourSearch`). See
/// docs/decisions/planning-formulas.md.
package struct MoveSchedule: Sendable {
  /// One live migration of a VM.
  package struct Move: Hashable, Sendable {
    package let vm: Int
    package let from: Int
    package let to: Int
    /// Seconds from the beginning: the destination's room is taken.
    package let start: Double
    /// The last byte has crossed: others have the link to themselves.
    package let sent: Double
    /// The VM runs at the destination, and the source's room is free.
    package let end: Double
    package let bytes: Double
    package let downtimeSeconds: Double
    /// What must have ended before it starts where moves aren't begun by the clock, beyond what those before it wait
    /// for: places in `moves`. Begun so, each after those before it, they break nothing, however long they take.
    package let after: [Int]
    /// What it would take with the links to itself.
    package let alone: Migration
    /// Whether the VM is set aside, or comes from where it was.
    package let isDetour: Bool
  }

  /// By start; of those that start together in the order in which they were chosen. Empty where there is no order.
  package private(set) var moves: [Move] = []
  /// Until the last has ended; no schedule of these moves is shorter than `leastSeconds`.
  package private(set) var seconds = 0.0
  package private(set) var leastSeconds = 0.0
  /// Bytes of the application's own traffic that cross between sites meanwhile, and their price.
  package private(set) var crossingBytes = 0.0
  package private(set) var crossingPrice = 0.0
  /// What detours add to the price of the moves, and to the downtimes.
  package private(set) var detourPrice = 0.0
  package private(set) var detourDowntimeSeconds = 0.0
  /// Whether every move fits; else those of `stuck` can't be made.
  package var isComplete: Bool { stuck.isEmpty }
  /// The VMs that can't go; why, a sentence each, and why none is set aside meanwhile.
  package private(set) var stuck: [Int] = []
  package private(set) var obstacles: [String] = []
  package private(set) var whyNotAside = ""
  /// Whether it is proven that the moves have no order without detours.
  package private(set) var isProven = false
  /// All VMs that move; where there is no order, those that can go first, then the rest.
  package private(set) var vms: [Int]

  /// - Parameters:
  ///   - present: where the VMs are.
  ///   - placement: the wanted hosts; feasible.
  ///   - search: limits of the search. The same steps and seed give the same schedule.
  package init(
    from present: [Int], to placement: [Int], in instance: PlacementInstance, limits: MoveLimits = MoveLimits(),
    within search: SearchLimits = SearchLimits(seconds: .infinity)
  ) {
    let elapsed = search.start()
    // Half of the time, so that some is left for detours, or for a good schedule.
    var orderLimits = search
    orderLimits.seconds /= 2
    let order = MoveOrder(from: present, to: placement, in: instance, within: orderLimits)
    vms = order.vms
    var legs = vms.map { Leg(vm: $0, from: present[$0], to: placement[$0]) }
    if !order.isComplete {
      var detours = DetourSearch(
        from: present, to: placement, in: instance, within: search.rest(after: elapsed(), steps: .max))
      guard let found = detours.legs() else {
        (stuck, obstacles, isProven) = (order.stuck, order.obstacles, order.isProven)
        whyNotAside = detours.reason(stuck)
        return
      }
      legs = found
      // In the order of their last moves.
      vms = found.filter { placement[$0.vm] == $0.to && present[$0.vm] != $0.to }.map(\.vm)
    }
    let problem = ScheduleProblem(
      legs, rooms: MoveRooms(from: present, to: placement, in: instance), in: instance, limits: limits)
    let budget = SearchBudget(search.rest(after: elapsed(), steps: search.steps ?? .max))
    guard var schedule = ScheduleSearch(Array(legs.indices), problem, budget, seed: search.seed) else { return }
    schedule.improve(mostTries: limits.isOverlapSought ? ScheduleSearch.mostTries : 0)
    take(schedule.best, problem)
    price(legs, from: present, to: placement, in: instance)
  }

  private mutating func take(_ best: ScheduleSearch.Candidate, _ problem: ScheduleProblem) {
    let records = best.run.records
    seconds = best.seconds
    leastSeconds = problem.leastSeconds
    (crossingBytes, crossingPrice) = (best.run.crossed.bytes, best.run.crossed.price)
    let counts = problem.legs.reduce(into: [Int: Int]()) { $0[$1.vm, default: 0] += 1 }
    // By when they have been sent, the next last: what starts then takes their part of the link.
    var sent = best.sequence.indices.sorted { records[best.sequence[$0]].sent > records[best.sequence[$1]].sent }
    for index in best.sequence {
      let (leg, record) = (problem.legs[index], records[index])
      guard case .success(let alone) = problem.instance.migration(of: leg) else { continue }
      var after: [Int] = []
      while let last = sent.last, records[best.sequence[last]].sent <= record.start {
        after.append(last)
        sent.removeLast()
      }
      moves.append(
        Move(
          vm: leg.vm, from: leg.from, to: leg.to, start: record.start, sent: record.sent, end: record.end,
          bytes: record.bytes, downtimeSeconds: record.stoppedSeconds, after: after.sorted(), alone: alone,
          isDetour: counts[leg.vm, default: 1] > 1))
    }
  }

  private mutating func price(_ legs: [Leg], from present: [Int], to placement: [Int], in instance: PlacementInstance) {
    let detouring = Set(moves.filter(\.isDetour).map(\.vm))
    func add(_ leg: Leg, _ sign: Double) {
      guard case .success(let migration) = instance.migration(of: leg) else { return }
      detourPrice += sign * instance.price(of: leg, migration)
      detourDowntimeSeconds += sign * migration.downtimeSeconds
    }
    for leg in legs where detouring.contains(leg.vm) { add(leg, 1) }
    for vm in detouring.sorted() where present[vm] != placement[vm] {
      add(Leg(vm: vm, from: present[vm], to: placement[vm]), -1)
    }
  }
}

extension SearchLimits {
  /// What is left after some seconds, with other steps.
  func rest(after seconds: Double, steps: Int) -> SearchLimits {
    var rest = self
    rest.seconds = max(self.seconds - seconds, 1e-9)
    rest.steps = min(steps, self.steps ?? .max)
    return rest
  }
}
