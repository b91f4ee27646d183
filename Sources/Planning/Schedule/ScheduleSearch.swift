import Model

/// A search for a schedule that takes little time and, among those that take about as little, has little of the
/// application's traffic cross between sites meanwhile: sequences by rules of priority, then small changes of the best.
struct ScheduleSearch {
  /// A sequence of legs, which of them wait until their links are free, and what comes of it.
  struct Candidate {
    var sequence: [Int]
    var alone: [Bool]
    var run: ScheduleRun

    var seconds: Double { run.time }
    var crossed: Double { run.crossed.bytes }
  }

  let problem: ScheduleProblem
  private let budget: SearchBudget
  private var random: SplitMix64
  private(set) var best: Candidate

  /// So much longer than the shortest that was found may a schedule take that keeps groups together better.
  static let slack = 0.03
  /// Schedules that are tried for few legs; fewer for many.
  static let mostTries = 3000
  static let mostLegs = 400_000

  /// - Parameter sequence: one in which every step fits; nil where it doesn't.
  init?(_ sequence: [Int], _ problem: ScheduleProblem, _ budget: SearchBudget, seed: UInt64) {
    self.problem = problem
    self.budget = budget
    random = SplitMix64(seed: seed)
    let alone = [Bool](repeating: true, count: sequence.count)
    guard let run = ScheduleRun.following(sequence, alone: alone, problem) else { return nil }
    best = Candidate(sequence: sequence, alone: alone, run: run)
  }

  /// - Parameter mostTries: small changes that are tried; 0: rules of priority alone.
  mutating func improve(mostTries: Int = Self.mostTries) {
    guard problem.legs.count > 1 else { return }
    let sequence = best.sequence
    for priority in priorities(sequence) {
      for alone in [true, false] {
        guard let found = ScheduleRun.greedily(sequence, priority: priority, alone: alone, problem) else { continue }
        let candidate = evaluated(found, [Bool](repeating: alone, count: found.count))
        if let candidate, isBetter(candidate, best) { best = candidate }
      }
    }
    let tries = min(mostTries, Self.mostLegs / problem.legs.count)
    shorten(tries)
    bringTogether(tries)
  }

  private func evaluated(_ sequence: [Int], _ alone: [Bool]) -> Candidate? {
    budget.spend(sequence.count)
    return ScheduleRun.following(sequence, alone: alone, problem)
      .map { Candidate(sequence: sequence, alone: alone, run: $0) }
  }

  /// Differences by rounding don't count, so that the order of files decides nothing.
  private static func isLess(_ left: Double, _ right: Double) -> Bool { left < right - 1e-9 * abs(right) }

  private func isBetter(_ left: Candidate, _ right: Candidate) -> Bool {
    if Self.isLess(left.seconds, right.seconds) { return true }
    return !Self.isLess(right.seconds, left.seconds) && Self.isLess(left.crossed, right.crossed)
  }

  // MARK: - Rules

  private func priorities(_ sequence: [Int]) -> [[Int]] {
    let places = sequence.inverted()
    func sorted(_ urgency: (Int) -> Double) -> [Int] {
      let keys = sequence.indices.map(urgency)
      return sequence.sorted {
        Self.isLess(keys[$1], keys[$0]) || !Self.isLess(keys[$0], keys[$1]) && places[$0] < places[$1]
      }
    }
    let tails = self.tails
    return [sequence, sorted { problem.aloneSeconds[$0] }, sorted { tails[$0] }]
  }

  /// About how long it takes from the start of a leg to the end of the last that waits for the room that it frees.
  private var tails: [Double] {
    var entering: [Int: [Int]] = [:]
    for leg in problem.legs.indices { entering[problem.legs[leg].to, default: []].append(leg) }
    var tails = problem.aloneSeconds
    for _ in 0..<8 {
      tails = problem.legs.indices.map { leg in
        let next = entering[problem.legs[leg].from, default: []].lazy.map { tails[$0] }.max() ?? 0
        return problem.aloneSeconds[leg] + next
      }
    }
    return tails
  }

  // MARK: - Small changes

  private mutating func shorten(_ tries: Int) {
    let least = problem.leastSeconds
    var current = best
    for attempt in 0..<tries where Self.isLess(least, best.seconds) && !budget.isOver {
      let heat = 0.05 * (1 - Double(attempt) / Double(tries))
      guard let changed = neighbour(of: current) else { continue }
      if changed.seconds <= current.seconds * (1 + heat * random.nextShare()) { current = changed }
      if isBetter(changed, best) { best = changed }
    }
  }

  private mutating func bringTogether(_ tries: Int) {
    guard problem.crossing.bytes > 0 || best.crossed > 0 else { return }
    let longest = best.seconds * (1 + Self.slack)
    var current = best
    for attempt in 0..<tries where !budget.isOver {
      let heat = 0.05 * (1 - Double(attempt) / Double(tries))
      guard let changed = neighbour(of: current), changed.seconds <= longest else { continue }
      if changed.crossed <= current.crossed * (1 + heat * random.nextShare()) { current = changed }
      if Self.isLess(changed.crossed, best.crossed) { best = changed }
    }
  }

  /// With one leg earlier or later, two exchanged, or one that shares its links or doesn't.
  private mutating func neighbour(of candidate: Candidate) -> Candidate? {
    var (sequence, alone) = (candidate.sequence, candidate.alone)
    let count = sequence.count
    let place = random.next(below: count)
    switch random.next(below: 4) {
    case 0: alone[sequence[place]].toggle()
    case 1:
      let other = random.next(below: count)
      guard other != place else { return nil }
      sequence.swapAt(place, other)
    default:
      let other = random.next(below: count)
      guard other != place else { return nil }
      sequence.insert(sequence.remove(at: place), at: other)
      if random.next(below: 4) == 0 { alone[sequence[other]].toggle() }
    }
    return evaluated(sequence, alone)
  }
}
