internal import Model
internal import Planning

/// The loop's own way: the planner, and `ActionMemory` for when to act.
///
/// Where nothing that a plan depends on has changed since the last one, no new one is made, and losses are counted on:
/// it would be the same. Room that others have left is looked at every hour.
final class PlannerPolicy: Policy {
  static let roomSeconds = 3600.0
  private let isPatient: Bool
  private var states: [Int: State] = [:]

  private struct State {
    var memory = ActionMemory()
    var failures = 0
    /// Failures rest it until then.
    var restsUntil = -Double.infinity
    var key: Key?
    var planned = -Double.infinity
    /// When the next stage of the last plan begins, be it one to stay.
    var nextStage = Double.infinity
    var answer = Answer()
    /// Plans that mended broken constraints, and the least price of another one.
    var mended = 0
    var leastPrice = Double.infinity
  }

  /// What a plan depends on.
  private struct Key: Hashable {
    var version: Int
    var conditions: Int
    var room: Int
  }

  private struct Answer {
    var steps: [Step] = []
    var price = 0.0
    var mends = false
  }

  init(isPatient: Bool) { self.isPatient = isPatient }

  func place(_ job: Int, in world: World) -> [Int]? { world.plannedPlace(of: job) }

  func decide(_ job: Int, in world: World) -> [Step] {
    var state = states[job] ?? State()
    defer { states[job] = state }
    guard world.time >= state.restsUntil else { return [] }
    let now = world.course.instant(world.time)
    let span = max(World.window, world.course.scenario.decideSeconds)
    let key = Key(
      version: world.runs[job].version, conditions: world.conditions,
      room: world.time - state.planned < Self.roomSeconds ? state.key?.room ?? world.freed : world.freed)
    if key != state.key || world.time >= state.nextStage - 1e-6 {
      look(job, in: world, &state, span: span, at: now)
      state.key = key
      state.planned = world.time
    } else {
      // Also where it stays: what that gains is taken off.
      state.memory.count(span: span, at: now)
    }
    guard !state.answer.steps.isEmpty, isDue(&state, at: now) else { return [] }
    if state.planned < world.time {
      // What remains to be gained has shrunk meanwhile: the loop would have seen that.
      look(job, in: world, &state, span: 0, at: now)
      state.planned = world.time
      guard !state.answer.steps.isEmpty, isDue(&state, at: now) else { return [] }
    }
    state.key = nil
    if state.answer.mends {
      state.mended += 1
    } else {
      state.leastPrice = min(state.leastPrice, state.answer.price)
    }
    return state.answer.steps
  }

  /// How many plans an application can have had at most, by the rule of regret; nil: nothing bounds them.
  func mostPlans(of job: Int) -> Int? {
    guard isPatient, let state = states[job] else { return nil }
    let memory = state.memory
    let paid = (memory.lost / memory.rules.patience + memory.experience.advanced) / state.leastPrice
    return paid < 1e9 ? state.mended + Int(paid * (1 + 1e-6)) : nil
  }

  private func isDue(_ state: inout State, at now: Timestamp) -> Bool {
    if !isPatient { return true }
    return state.memory.verdict(price: state.answer.price, mends: state.answer.mends, at: now) == .act
  }

  /// Plans anew.
  private func look(_ job: Int, in world: World, _ state: inout State, span: Double, at now: Timestamp) {
    state.answer = Answer()
    state.nextStage = .infinity
    guard let planner = world.planner(for: job), let plan = try? planner.plan(within: world.limits(for: job)),
      let present = planner.instance.present
    else { return }
    if let next = plan.next.first {
      // It is due then, not when the next decision comes: the site closes soon after.
      let seconds = now.seconds(until: next.notBefore)
      if seconds > 1 {
        state.nextStage = world.time + seconds
        world.schedule(.look(job), in: seconds, rank: 4)
      }
    }
    let instance = planner.instance
    let indices = Dictionary(instance.hosts.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { $1 })
    let best = zip(instance.vms, present).map { vm, host in plan.placement[vm.name].flatMap { indices[$0] } ?? host }
    if isPatient { state.memory.observe(instance, best: best, span: span, at: now) }
    guard plan.decision == .move, plan.orderable else { return }
    let before = PlacementEvaluation(of: present, in: instance)
    let numbers = Dictionary(instance.vms.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { $1 })
    state.answer.price = Stake(from: before, to: PlacementEvaluation(of: best, in: instance), in: instance).price
    state.answer.mends = !plan.canStay
    state.answer.steps = plan.moves.compactMap { move in
      guard let vm = numbers[move.vm], let host = world.hostNumbers[move.to] else { return nil }
      return Step(vm: vm, host: host)
    }
  }

  func ended(_ job: Int, failed: Bool, seconds: Double, in world: World) {
    var state = states[job] ?? State()
    state.key = nil
    if failed {
      let made = state.answer.steps.count { world.runs[job].placement[$0.vm] == $0.host }
      state.memory.fail(afterShare: Double(made) / Double(max(1, state.answer.steps.count)))
      state.failures += 1
      state.restsUntil = world.time + state.memory.rules.rest(afterFailures: state.failures)
    } else {
      state.failures = 0
      if isPatient { state.memory.rest(afterMovesOf: seconds, at: world.course.instant(world.time)) }
    }
    states[job] = state
  }
}
