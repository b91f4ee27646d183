import Model
import Planning

/// Random numbers that a seed fixes (Knuth's 64-bit linear congruential generator, MMIX).
struct FixedRandom: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: Int) { state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 }

  mutating func next() -> UInt64 {
    var word: UInt64 = 0
    for _ in 0..<2 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      word = word << 32 | state >> 32
    }
    return word
  }

  mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &self) < share }

  mutating func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: 0..<choices.count, using: &self)] }
}

extension SearchLimits {
  /// More than small questions need, and no time limit: what a test expects must not depend on the machine.
  static let steps = SearchLimits(seconds: .infinity, steps: 2_000_000)
}

/// A small planning question with a bit of everything; figures from short lists, so that ties and limits met exactly
/// occur.
struct RandomQuestion {
  var federation: Federation
  var application: Application
  var traffic: TrafficMatrix
  var task: PlacementInstance.Task

  static let now = Timestamp(nanoseconds: 1_790_000_000_000_000_000)

  init(seed: Int, vms count: Int, hosts perSite: ClosedRange<Int> = 1...3, sites: Int = 3, limited: Bool = true) {
    var random = FixedRandom(seed)
    let isPlaced = random.chance(0.6)
    task = isPlaced ? .move : .place
    let sites = (0..<sites).map { site in
      Site(
        name: "s\(site)", price: Price(vmHour: random.pick([0, 0.1, 0.3]), memoryGiBHour: random.pick([0, 0.01])),
        hosts: (0..<Int.random(in: perSite, using: &random)).map { host in
          Host(
            name: "h\(random.pick(["a", "b", "c"]))\(site)\(host)", vcpus: random.pick([2, 4, 6]),
            memoryGiB: random.pick([nil, 4, 8]), speed: random.pick([1, 1, 0.8, 2]), watts: random.pick([100, 150]))
        })
    }
    let link = { (random: inout FixedRandom, latencies: [Double]) in
      Link(latencyMs: random.pick(latencies), bandwidthMbps: random.pick([nil, 500, 1000, 8000]))
    }
    federation = Federation(
      sites: sites,
      links: Links(
        sameHost: Link(latencyMs: random.pick([0, 0.02])), sameSite: link(&random, [0.1, 0.2]),
        betweenSites: link(&random, [5, 10]), pairs: [UnorderedPair("s0", "s1"): link(&random, [2, 20])]),
      egress: Egress(
        betweenSites: random.pick([0, 0.05]), pairs: [OrderedPair(from: "s1", to: "s0"): random.pick([0, 0.1])]))
    let hosts = sites.flatMap(\.hosts)
    let names = (0..<count).map { "vm\($0)" }
    application = Application(
      name: "random", objective: random.pick(Objective.allCases), coupling: random.pick(Coupling.allCases),
      remainingHours: random.pick([nil, 1, 10]),
      vms: names.map { name in
        VM(
          name: name, vcpus: random.pick([1, 2]), memoryGiB: random.pick([1, 2]), cpu: random.pick([0.3, 0.6, 0.9]),
          dirtyMiBps: random.pick([0, 20, 100]), disks: random.chance(0.2) ? [Disk(gib: 4, writeMiBps: 2)] : [],
          host: isPlaced ? random.pick(hosts).name : nil)
      },
      endpoints: [FixedEndpoint(name: "server", site: "s0")])
    if limited { application.constraints = Self.constraints(&random, names) }
    var rows: [TrafficMatrix.Row] = []
    for source in names + ["server"] {
      for destination in names + ["server"] where random.chance(0.5) {
        rows.append(
          TrafficMatrix.Row(
            source: .name(source), destination: .name(destination), ipBytes: random.pick([0, 1e6, 1e8, 5e8]),
            waits: random.pick([0, 10, 200])))
      }
    }
    traffic = TrafficMatrix(rows: rows, hasWaits: random.chance(0.8))
    if limited { limit(&random) }
  }

  private static func constraints(_ random: inout FixedRandom, _ names: [String]) -> [Constraint] {
    var constraints: [Constraint] = []
    if random.chance(0.3) { constraints.append(.pin(vm: names[0], sites: ["s0", "s1"])) }
    if random.chance(0.3) { constraints.append(.ban(vm: names[1], sites: ["s1"])) }
    if random.chance(0.3) { constraints.append(.together([names[0], names[2]])) }
    if random.chance(0.3) { constraints.append(.apart([names[1], names[2]])) }
    return constraints
  }

  private mutating func limit(_ random: inout FixedRandom) {
    let hours = application.remainingHours ?? 24
    for site in federation.sites.indices {
      if random.chance(0.2) { federation.sites[site].quota.vcpus = random.pick([2, 4]) }
      if random.chance(0.2) { federation.sites[site].quota.vcpuHours = random.pick([2, 4]) * hours }
      if random.chance(0.2) {
        federation.sites[site].availableUntil = Self.now.advanced(bySeconds: hours * 3600 * random.pick([0.9, 1, 1.2]))
      }
    }
    if random.chance(0.2) {
      application.deadline = Self.now.advanced(bySeconds: hours * 3600 * random.pick([0.8, 1, 1.2]))
    }
    if random.chance(0.2) { application.budget = random.pick([0.1, 0.5]) * hours }
    application.slowdownLimit = random.pick([0.05, 0.5])
  }

  func instance() throws -> PlacementInstance {
    try PlacementInstance(
      federation: federation, application: application, traffic: traffic, windowSeconds: 10, now: Self.now, task: task)
  }
}

extension PlacementInstance {
  /// Every placement, by counting up.
  func forEachPlacement(_ body: ([Int]) -> Void) {
    var placement = [Int](repeating: 0, count: vms.count)
    while true {
      body(placement)
      var vm = 0
      while vm < vms.count {
        placement[vm] += 1
        if placement[vm] < hosts.count { break }
        placement[vm] = 0
        vm += 1
      }
      if vm == vms.count { return }
    }
  }

  /// The placement that should come out, found by trying all.
  func bestByEnumeration() -> PlacementEvaluation? {
    var best: PlacementEvaluation?
    forEachPlacement { placement in
      let evaluation = PlacementEvaluation(of: placement, in: self)
      guard evaluation.isFeasible else { return }
      if let known = best, !prefers(evaluation, to: known) { return }
      best = evaluation
    }
    return best
  }
}
