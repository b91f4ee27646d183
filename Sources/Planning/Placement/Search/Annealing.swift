/// Simulated annealing over single moves and swaps of VMs (Kirkpatrick, Gelatt and Vecchi, "Optimization by Simulated
/// Annealing", 1983), judged by the true formulas; limits are penalties. Keeps the best placement that breaks nothing
/// of all that it went through.
struct Annealing {
  let problem: SearchProblem
  let goal: Goal
  private(set) var state: SearchState
  var random: SplitMix64
  let exponential = ExponentialTable()

  /// The best placement so far that breaks nothing, and its value; empty: none yet.
  private(set) var best: [Int] = []
  private(set) var bestValue = Double.infinity
  /// Less is rounding, not better.
  private(set) var bestMargin = 0.0
  private var changed: ChangeLog

  /// Value and penalties of the present placement.
  var energy = 0.0
  /// Whether one VM, the slowest, decides on what is minimised.
  private let isSlowestTried: Bool
  /// What a unit of excess costs, in units of the measure.
  private var penalty = 0.0

  /// VMs on each host, in no order, and the place of each VM among them.
  private(set) var members: [[Int]]
  private var places: [Int]
  /// Sites with a host that may hold the VM.
  private let allowedSites: [[Int]]

  init(_ problem: SearchProblem, goal: Goal, start: [Int], random: SplitMix64) {
    self.problem = problem
    self.goal = goal
    self.random = random
    changed = ChangeLog(count: problem.n)
    let isPaidByTime = !problem.isService && problem.price.contains { $0 > 0 }
    isSlowestTried = problem.coupled && (goal.measure == .seconds || goal.measure == .cost && isPaidByTime)
    state = SearchState(problem, start)
    members = [[Int]](repeating: [], count: problem.hosts)
    places = [Int](repeating: 0, count: problem.n)
    allowedSites = (0..<problem.n).map { vm in
      (0..<problem.sites).filter { site in problem.siteHosts[site].contains { problem.canHold(vm, $0) } }
    }
    reset(to: start)
  }

  /// Goes on from another placement.
  mutating func reset(to placement: [Int]) {
    for host in members.indices { members[host].removeAll(keepingCapacity: true) }
    state.reset(to: placement)
    for vm in 0..<problem.n { enter(vm) }
    state.isSmooth = false
    penalty = max(abs(state.figures().value(goal.measure)) * 4 / Double(problem.n), 1e-9)
    refresh()
    record()
  }

  /// Goes on from the hosts for a placement over sites that suit the present one best.
  mutating func repack(_ sites: [Int]) {
    state.pack(sites)
    reset(to: state.hostOf)
  }

  private mutating func enter(_ vm: Int) {
    changed.note(vm)
    let host = state.hostOf[vm]
    places[vm] = members[host].count
    members[host].append(vm)
  }

  private mutating func leave(_ vm: Int) {
    let host = state.hostOf[vm]
    let last = members[host].removeLast()
    if last != vm {
      members[host][places[vm]] = last
      places[last] = places[vm]
    }
  }

  mutating func move(_ vm: Int, to host: Int) {
    leave(vm)
    state.move(vm, to: host)
    enter(vm)
  }

  private mutating func refresh() {
    state.refresh()
    energy = currentEnergy()
  }

  mutating func currentEnergy() -> Double {
    var figures = state.figures()
    let late = state.lateExcess(figures, goal)
    if state.isSmooth {
      figures.seconds = problem.remaining * state.smoothSlowdown()
      figures.cost = state.priceRate * problem.charged(figures.seconds) + state.egress + state.migration
      figures.watts = state.smoothWatts
    }
    return figures.value(goal.measure) + penalty * (state.excess + late)
  }

  /// Keeps the present placement if it breaks nothing and is better.
  mutating func record() {
    guard state.broken == 0 else { return }
    let figures = state.figures()
    let value = figures.value(goal.measure)
    guard value < bestValue - bestMargin, state.lateExcess(figures, goal) == 0 else { return }
    bestValue = value
    bestMargin = 1e-13 * abs(value)
    if best.isEmpty { best = state.hostOf }
    changed.update(&best, to: state.hostOf)
  }

  /// Cools from `hot` to `cold` (in units of the measure) while `progress` goes from 0 to 1.
  mutating func run(from hot: Double, to cold: Double, smooth: Bool, budget: SearchBudget, progress: () -> Double) {
    setSmooth(smooth)
    let ratio = cold / hot
    var batch = 0
    while !budget.isOver {
      let done = progress()
      if done >= 1 { break }
      let temperature = hot * Self.power(ratio, done)
      if batch % 64 == 0 { refresh() }
      batch += 1
      for _ in 0..<512 { step(temperature) }
      budget.spend(512)
    }
    setSmooth(false)
    record()
  }

  /// Only what is better, for so many trials; where that leaves something broken, again with a heavier penalty.
  mutating func quench(trials: Int, budget: SearchBudget) {
    setSmooth(false)
    for _ in 0..<6 {
      var left = trials
      while left > 0, !budget.isOver {
        let batch = min(left, 512)
        for _ in 0..<batch { step(0) }
        budget.spend(batch)
        left -= batch
      }
      if goal.needsWatts { closeHosts(budget: budget) }
      if state.broken == 0, state.lateExcess(state.figures(), goal) == 0 { break }
      penalty *= 8
      refresh()
    }
    record()
  }

  private mutating func setSmooth(_ smooth: Bool) {
    if smooth { state.setSmoothness(power: 5) } else { state.isSmooth = false }
    refresh()
  }

  /// x to the power of y, for x in 0 … 1 and y in 0 … 1, by halving.
  static func power(_ x: Double, _ y: Double) -> Double {
    var (result, root, rest) = (1.0, x, y)
    for _ in 0..<20 {
      root.formSquareRoot()
      rest *= 2
      if rest >= 1 {
        result *= root
        rest -= 1
      }
    }
    return result
  }

  /// Mean size of the differences that random moves make, of those that make any.
  mutating func meanDifference() -> Double {
    var (sum, count) = (0.0, 0)
    for _ in 0..<256 {
      let vm = random.next(below: problem.n)
      guard let host = target(for: vm), host != state.hostOf[vm] else { continue }
      let from = state.hostOf[vm]
      let before = state.excess
      move(vm, to: host)
      let difference = abs(currentEnergy() - energy)
      if difference > 0, state.excess <= before {
        sum += difference
        count += 1
      }
      move(vm, to: from)
    }
    refresh()
    return count > 0 ? sum / Double(count) : 0
  }

  private mutating func step(_ temperature: Double) {
    if goal.needsWatts, random.next(below: 64) == 0 {
      return exchangeHosts(allowed: temperature * exponential.next(&random))
    }
    let vm = candidate()
    guard let host = target(for: vm), host != state.hostOf[vm] else { return }
    let from = state.hostOf[vm]
    var other = -1
    if isFull(host, for: vm) || random.next(below: 4) == 0, !members[host].isEmpty {
      other = members[host][random.next(below: members[host].count)]
      if !problem.canHold(other, from) { return }
    }
    move(vm, to: host)
    if other >= 0 { move(other, to: from) }
    let difference = currentEnergy() - energy
    if difference <= temperature * exponential.next(&random) {
      energy += difference
      if difference < 0 { record() }
    } else {
      if other >= 0 { move(other, to: host) }
      move(vm, to: from)
    }
  }

  func isFull(_ host: Int, for vm: Int) -> Bool {
    let site = problem.hostSite[host]
    return exceeds(state.hostVCPUs[host] + problem.vcpus[vm], problem.hostVCPUs[host])
      || exceeds(state.hostMemory[host] + problem.memory[vm], problem.hostMemory[host])
      || exceeds(state.siteVCPUs[site] + problem.vcpus[vm], problem.quotaVCPUs[site])
      || exceeds(state.siteMemory[site] + problem.memory[vm], problem.quotaMemory[site])
      || state.siteCount[site] >= problem.quotaVMs[site]
  }

  /// A VM to move: any; where something is broken, half of the time one of an overfull host; where the slowest VM alone
  /// sets the run time, now and then that one or a peer of it, for of many VMs it is hardly ever drawn.
  private mutating func candidate() -> Int {
    if isSlowestTried, random.next(below: 8) == 0 {
      let slowest = state.slowest.indexOfLargest(with: state.link)
      let entries = problem.traffic.entries(of: slowest)
      if entries.isEmpty || random.next(below: 2) == 0 { return slowest }
      let peer = problem.traffic.peers[entries.lowerBound + random.next(below: entries.count)]
      return peer < problem.n ? peer : slowest
    }
    if state.broken > 0, random.next() & 1 == 0 {
      let first = random.next(below: problem.hosts)
      for offset in 0..<problem.hosts {
        let host = first + offset < problem.hosts ? first + offset : first + offset - problem.hosts
        if exceeds(state.hostVCPUs[host], problem.hostVCPUs[host])
          || exceeds(state.hostMemory[host], problem.hostMemory[host])
        {
          return members[host][random.next(below: members[host].count)]
        }
      }
    }
    return random.next(below: problem.n)
  }

  /// A host to try: half of the time where a peer is or beside it, else anywhere, now and then its first one.
  private mutating func target(for vm: Int) -> Int? {
    let entries = problem.traffic.entries(of: vm)
    let choice = random.next(below: 16)
    var site = -1
    if choice < 8, !entries.isEmpty {
      let peer = problem.traffic.peers[entries.lowerBound + random.next(below: entries.count)]
      site = state.site(of: peer)
      if peer < problem.n, choice < 4 {
        let host = state.hostOf[peer]
        return problem.canHold(vm, host) ? host : nil
      }
    } else if choice == 8, problem.present[vm] >= 0 {
      return problem.canHold(vm, problem.present[vm]) ? problem.present[vm] : nil
    } else if choice < 11 {
      site = problem.hostSite[state.hostOf[vm]]
    } else if !allowedSites[vm].isEmpty {
      site = allowedSites[vm][random.next(below: allowedSites[vm].count)]
    }
    guard site >= 0, !problem.siteHosts[site].isEmpty else { return nil }
    let host = problem.siteHosts[site].lowerBound + random.next(below: problem.siteHosts[site].count)
    return problem.canHold(vm, host) ? host : nil
  }
}
