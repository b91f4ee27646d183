/// Depth-first search through all placements, VM by VM, that leaves a branch where a lower bound shows that nothing in
/// it is wanted: finds the best placement with proof (Land and Doig, "An Automatic Method of Solving Discrete
/// Programming Problems", 1960).
///
/// A node places the first `depth` VMs of `order`. Its bound takes the placed VMs' terms as they are and, for each VM
/// that isn't placed, the least that it can add at any host where it still fits.
struct BranchAndBound {
  enum Outcome {
    /// The branch, or all, was searched.
    case exhausted
    /// Steps or time ran out.
    case interrupted
    /// `stopsAtFirst`, and one was found.
    case found
  }

  let problem: SearchProblem
  let order: [Int]
  /// Whether hosts are tried by rising rank (of their names) and the first placement that keeps the goal's caps is
  /// taken.
  let stopsAtFirst: Bool
  let hostRanks: [Int]
  let goal: Goal
  /// Moves at most.
  let mostMoves: Int
  /// The least latency and price at which each entry of the traffic can end up, whatever the placement.
  let floors: PairFloors
  /// Equal for hosts of one site that differ in nothing but their names.
  let hostClasses: [Int]
  /// The node that last saw an empty host of each class.
  private var classSeen: [Int]
  /// Hosts by rising watts per vCPU.
  let thriftyHosts: [Int]

  /// Only what is below is looked for.
  var best: Double
  private(set) var bestPlacement: [Int]?
  private(set) var nodes = 0
  /// Returns true where the search has to stop.
  let isOver: (_ nodes: Int) -> Bool

  var levels: [Level]
  /// Stands in for a level that is being written.
  let spare: Level
  var hostOf: [Int]
  var children: [[(host: Int, bound: Double)]]

  init(
    _ problem: SearchProblem, goal: Goal, order: [Int], hostRanks: [Int], floors: PairFloors, best: Double = .infinity,
    mostMoves: Int = .max, stopsAtFirst: Bool = false, depths: Int? = nil, isOver: @escaping (_ nodes: Int) -> Bool
  ) {
    self.problem = problem
    self.goal = goal
    self.order = order
    self.hostRanks = hostRanks
    self.floors = floors
    self.best = best
    self.mostMoves = mostMoves
    self.stopsAtFirst = stopsAtFirst
    self.isOver = isOver
    hostClasses = Self.classes(problem)
    classSeen = [Int](repeating: 0, count: problem.hosts)
    thriftyHosts = (0..<problem.hosts).filter { problem.hostVCPUs[$0] > 0 }
      .sorted { problem.watts[$0] / problem.hostVCPUs[$0] < problem.watts[$1] / problem.hostVCPUs[$1] }
    levels = (0..<(depths ?? problem.n + 1)).map { _ in Level(problem) }
    spare = levels[0]
    hostOf = [Int](repeating: -1, count: problem.n)
    children = [[(host: Int, bound: Double)]](repeating: [], count: problem.n)
  }

  /// Searches all; what it finds is in `best` and `bestPlacement`.
  mutating func run() -> Outcome { search(depth: 0) }

  /// The bound with no VM placed, of the goal's measure; infinite where no placement can be feasible.
  mutating func rootBound() -> Double { bound(depth: 0) ?? .infinity }

  private mutating func search(depth: Int) -> Outcome {
    nodes += 1
    if isOver(nodes) { return .interrupted }
    guard let bound = bound(depth: depth), isWanted(bound) else { return .exhausted }
    if depth == problem.n {
      best = bound
      bestPlacement = hostOf
      return stopsAtFirst ? .found : .exhausted
    }
    let vm = order[depth]
    listChildren(of: vm, depth: depth)
    for index in children[depth].indices {
      let host = children[depth][index].host
      place(vm, host, depth: depth)
      let outcome = search(depth: depth + 1)
      hostOf[vm] = -1
      if case .exhausted = outcome { continue }
      return outcome
    }
    return .exhausted
  }

  /// Whether a branch of that bound can hold something better than `best` by more than rounding.
  func isWanted(_ bound: Double) -> Bool { stopsAtFirst || best - bound > 1e-13 * abs(best) || best == .infinity }

  /// The hosts to try for a VM, most promising first; of hosts alike one.
  private mutating func listChildren(of vm: Int, depth: Int) {
    let level = levels[depth]
    let nodes = nodes
    var list: [(host: Int, bound: Double)] = []
    swap(&list, &children[depth])
    defer { swap(&list, &children[depth]) }
    list.removeAll(keepingCapacity: true)
    for host in 0..<problem.hosts where level.choices[vm * problem.hosts + host] < .infinity {
      list.append((host, level.choices[vm * problem.hosts + host]))
    }
    if stopsAtFirst {
      list.sort { hostRanks[$0.host] < hostRanks[$1.host] }
    } else {
      list.sort { ($0.bound, hostRanks[$0.host]) < ($1.bound, hostRanks[$1.host]) }
    }
    list.removeAll { child in
      guard level.hostCount[child.host] == 0, level.homes[child.host] == 0 else { return false }
      let isRepeated = classSeen[hostClasses[child.host]] == nodes
      classSeen[hostClasses[child.host]] = nodes
      return isRepeated
    }
  }

  private static func classes(_ problem: SearchProblem) -> [Int] {
    struct Features: Hashable {
      let site: Int
      let kind: Int
      let figures: [Double]
    }
    var numbers: [Features: Int] = [:]
    return (0..<problem.hosts).map { host in
      let figures = [
        problem.slowness[host], problem.watts[host], problem.hostVCPUs[host], problem.hostMemory[host],
      ]
      let features = Features(site: problem.hostSite[host], kind: problem.hostClass[host], figures: figures)
      let number = numbers[features] ?? numbers.count
      numbers[features] = number
      return number
    }
  }
}
