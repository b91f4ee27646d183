import Foundation
import Model
import Planning
import Testing

/// Searches beyond the reach of proof, by steps and not by time: what they find must not depend on the machine.
@Suite struct LargeSearchTests {
  /// Quadratic assignment as a first placement: n sites of one host with room for one VM, latencies A in µs, waits B.
  @Test(arguments: [("had12", 1652), ("nug12", 578), ("rou15", 354_210)])
  func findsPublishedOptima(name: String, optimum: Int) throws {
    let problem = try QuadraticAssignment(name)
    let instance = try problem.instance()
    let solution = PlacementSolver(limits: SearchLimits(seconds: .infinity, steps: 20_000_000)).solve(instance)
    let placement = try #require(solution.placement)
    #expect(problem.cost(of: placement) == optimum)
    if let bound = solution.bound {
      #expect(bound <= PlacementEvaluation(of: placement, in: instance).totalSeconds * (1 + 1e-12))
    }
  }

  /// Thirty groups of five VMs that talk to nobody else; egress is all that differs. Each group fits on one site.
  @Test func gathersPlantedGroups() throws {
    let vms = (0..<150).map { VM(name: "vm\($0)") }
    var rows: [TrafficMatrix.Row] = []
    for vm in 0..<150 {
      let first = vm / 5 * 5
      for peer in first..<first + 5 {
        rows.append(TrafficMatrix.Row(source: .name("vm\(vm)"), destination: .name("vm\(peer)"), ipBytes: 1e6))
      }
    }
    let instance = try instance(vms, rows, sites: 3, hosts: 10, vcpus: 6)
    let solution = PlacementSolver(limits: SearchLimits(seconds: .infinity, steps: 20_000_000)).solve(instance)
    let evaluation = PlacementEvaluation(of: try #require(solution.placement), in: instance)
    #expect(evaluation.isFeasible)
    #expect(evaluation.cost.egress == 0)
  }

  /// Two of 24 groups of 25 VMs fill five sevenths of a site, and of a third one a part would fit, too: where a search
  /// bears overfull sites for too long, groups end in parts. Whole, two to a site, they cause no egress.
  @Test func keepsGroupsWholeThatLeaveRoom() throws {
    let vms = (0..<600).map { VM(name: "vm\($0)") }
    var rows: [TrafficMatrix.Row] = []
    for vm in vms.indices {
      let first = vm / 25 * 25
      for peer in first..<first + 25 where peer != vm {
        rows.append(TrafficMatrix.Row(source: .name("vm\(vm)"), destination: .name("vm\(peer)"), ipBytes: 1e6))
      }
    }
    let instance = try instance(vms, rows, sites: 12, hosts: 1, vcpus: 70)
    let limits = SearchLimits(seconds: .infinity, steps: 4_000_000)
    let evaluation = PlacementEvaluation(
      of: try #require(PlacementSolver(limits: limits).solve(instance).placement), in: instance)
    #expect(evaluation.isFeasible)
    #expect(evaluation.cost.egress == 0)
  }

  /// Twelve groups of 12 VMs, the first of 12 vCPUs and each next one of one more, on twelve sites with room for one
  /// group each, the first at 0.01 a vCPU and hour and each next one at 0.01 more. What holds a group together is worth
  /// far more than that. The larger a group, the cheaper its site must be.
  @Test(arguments: 1...5 as ClosedRange<UInt64>) func movesGroupsAsAWhole(seed: UInt64) throws {
    let vms = (0..<144).map { (vm: Int) -> VM in VM(name: "vm\(vm)", vcpus: vm % 12 < vm / 12 ? 2.0 : 1.0) }
    var rows: [TrafficMatrix.Row] = []
    for vm in vms.indices {
      let first = vm / 12 * 12
      for peer in first..<first + 12 where peer != vm {
        rows.append(
          TrafficMatrix.Row(source: .name("vm\(vm)"), destination: .name("vm\(peer)"), ipBytes: 1e6, waits: 1))
      }
    }
    var random = FixedRandom(1)
    let order = (0..<12).shuffled(using: &random)
    let sites = order.map { site -> Site in
      let host = Host(name: "h\(site)", vcpus: 24)
      return Site(name: "s\(site)", price: Price(vcpuHour: 0.01 * Double(site + 1)), hosts: [host])
    }
    let federation = Federation(
      sites: sites, links: Links(betweenSites: Link(latencyMs: 5)), egress: Egress(betweenSites: 0.1))
    let instance = try PlacementInstance(
      federation: federation, application: Application(name: "a", objective: .cost, remainingHours: 1, vms: vms),
      traffic: TrafficMatrix(rows: rows, hasWaits: true), windowSeconds: 1, now: Timestamp(nanoseconds: 0), task: .place
    )
    let limits = SearchLimits(seconds: .infinity, steps: 1_000_000, seed: seed)
    let solution = PlacementSolver(limits: limits).solve(instance)
    let evaluation = PlacementEvaluation(of: try #require(solution.placement), in: instance)
    #expect(evaluation.isFeasible)
    #expect(evaluation.cost.egress == 0)
    let prices = (0..<12).map { site -> Double in Double((23 - site) * (site + 1)) / 100 }
    let least = prices.reduce(0, +)
    #expect(abs(evaluation.cost.total - least) < 1e-9)
  }

  /// A grid of VMs on two sites that have room for half each, to the last vCPU. No fewer edges than the shorter
  /// side has VMs leave a half of it: a grid of 24 by 40 is cut through 24 edges, both ways of 0.1 per GB and 1 GB.
  @Test func bisectsGrid() throws {
    let (rows, columns) = (24, 40)
    let vms = (0..<rows * columns).map { VM(name: "vm\($0)") }
    var edges: [(Int, Int)] = []
    for vm in vms.indices {
      if vm % columns + 1 < columns { edges.append((vm, vm + 1)) }
      if vm + columns < vms.count { edges.append((vm, vm + columns)) }
    }
    let traffic = edges.flatMap { [($0.0, $0.1), ($0.1, $0.0)] }.map { from, to in
      TrafficMatrix.Row(source: .name("vm\(from)"), destination: .name("vm\(to)"), ipBytes: 1e9 / 3600)
    }
    let instance = try instance(vms, traffic, sites: 2, hosts: 1, vcpus: Double(vms.count / 2))
    let limits = SearchLimits(seconds: .infinity, steps: 12_000_000)
    let solution = PlacementSolver(limits: limits).solve(instance)
    let evaluation = PlacementEvaluation(of: try #require(solution.placement), in: instance)
    #expect(evaluation.isFeasible)
    #expect(abs(evaluation.cost.egress - 24 * 2 * 0.1) < 1e-9)
    // Steps and seed alone decide.
    #expect(PlacementSolver(limits: limits).solve(instance).placement == solution.placement)
  }

  /// The first of several searches is the one that is made alone; what comes out depends on nothing but seed and steps.
  @Test func searchesSideBySideAreNoWorse() throws {
    var random = FixedRandom(1)
    let rows = (0..<600).map { _ in
      TrafficMatrix.Row(
        source: .name("vm\(Int.random(in: 0..<150, using: &random))"),
        destination: .name("vm\(Int.random(in: 0..<150, using: &random))"), ipBytes: random.pick([1e6, 1e7]))
    }
    let instance = try instance((0..<150).map { VM(name: "vm\($0)") }, rows, sites: 3, hosts: 10, vcpus: 6)
    let value = { (workers: Int) throws -> (placement: [Int], first: Double) in
      let limits = SearchLimits(seconds: .infinity, steps: 400_000, workers: workers)
      let placement = try #require(PlacementSolver(limits: limits).solve(instance).placement)
      return (placement, instance.key(of: PlacementEvaluation(of: placement, in: instance)).first)
    }
    let (alone, three) = (try value(1), try value(3))
    #expect(three.first <= alone.first)
    #expect(try value(3).placement == three.placement)
  }

  /// Without any limit, a search ends once its task is cancelled, with what it has found.
  @Test func endsWhenCancelled() async throws {
    let problem = try QuadraticAssignment("rou15")
    let instance = try problem.instance()
    let search = Task { PlacementSolver(limits: SearchLimits(seconds: .infinity, workers: 2)).solve(instance) }
    search.cancel()
    let solution = await search.value
    #expect(!solution.proven)
    if let placement = solution.placement { #expect(PlacementEvaluation(of: placement, in: instance).isFeasible) }
  }

  /// Shapes in which there is next to nothing to search: they end, by steps or by themselves, with what fits.
  @Test(arguments: [(1, 1), (1, 4), (4, 1)], [Objective.cost, .time, .resources])
  func degenerateShapesEnd(shape: (sites: Int, hosts: Int), objective: Objective) throws {
    let vms = (0..<150).map { VM(name: "vm\($0)") }
    let quiet = try instance(vms, [], sites: shape.sites, hosts: shape.hosts, vcpus: 150, objective)
    let chain = (1..<150).map {
      TrafficMatrix.Row(source: .name("vm\($0)"), destination: .name("vm\($0 - 1)"), ipBytes: 1e6, waits: 1)
    }
    let busy = try instance(vms, chain, sites: shape.sites, hosts: shape.hosts, vcpus: 150, objective)
    for instance in [quiet, busy] {
      let solution = PlacementSolver(limits: SearchLimits(seconds: .infinity, steps: 1_000_000)).solve(instance)
      let evaluation = PlacementEvaluation(of: try #require(solution.placement), in: instance)
      #expect(evaluation.isFeasible)
      // One host has room for all.
      if objective == .resources { #expect(evaluation.watts == 1) }
    }
  }

  private func instance(
    _ vms: [VM], _ rows: [TrafficMatrix.Row], sites: Int, hosts: Int, vcpus: Double, _ objective: Objective = .cost
  ) throws -> PlacementInstance {
    let federation = Federation(
      sites: (0..<sites).map { site in
        Site(name: "s\(site)", hosts: (0..<hosts).map { Host(name: "s\(site)h\($0)", vcpus: vcpus) })
      },
      links: Links(sameSite: Link(latencyMs: 0.1), betweenSites: Link(latencyMs: 5)), egress: Egress(betweenSites: 0.1))
    return try PlacementInstance(
      federation: federation,
      application: Application(name: "a", objective: objective, remainingHours: 1, slowdownLimit: 1e6, vms: vms),
      traffic: TrafficMatrix(rows: rows, hasWaits: true), windowSeconds: 1, now: Timestamp(nanoseconds: 0), task: .place
    )
  }
}

/// An instance of QAPLIB, as published.
struct QuadraticAssignment {
  let size: Int
  let distances: [[Int]]
  let flows: [[Int]]

  init(_ name: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/qaplib/\(name).dat")
    let text = try String(contentsOf: file, encoding: .utf8)
    let numbers = text.split { $0.isWhitespace }.compactMap { Int($0) }
    let size = numbers[0]
    let matrix = { (start: Int) in
      (0..<size).map { row in Array(numbers[start + row * size..<start + (row + 1) * size]) }
    }
    (self.size, distances, flows) = (size, matrix(1), matrix(1 + size * size))
  }

  func cost(of placement: [Int]) -> Int {
    (0..<size).reduce(0) { sum, i in
      (0..<size).reduce(sum) { $0 + flows[i][$1] * distances[placement[i]][placement[$1]] }
    }
  }

  func instance() throws -> PlacementInstance {
    var pairs: [UnorderedPair: Link] = [:]
    var rows: [TrafficMatrix.Row] = []
    for i in 0..<size {
      for j in 0..<size where i != j {
        pairs[UnorderedPair("s\(i)", "s\(j)")] = Link(latencyMs: Double(distances[i][j]) / 1000)
        rows.append(
          TrafficMatrix.Row(source: .name("v\(i)"), destination: .name("v\(j)"), waits: Double(flows[i][j])))
      }
    }
    let federation = Federation(
      sites: (0..<size).map { Site(name: "s\($0)", hosts: [Host(name: "h\($0)")]) }, links: Links(pairs: pairs))
    return try PlacementInstance(
      federation: federation,
      application: Application(
        name: "qap", objective: .time, coupling: .independent, remainingHours: 1,
        vms: (0..<size).map { VM(name: "v\($0)") }), traffic: TrafficMatrix(rows: rows, hasWaits: true),
      windowSeconds: 1, now: Timestamp(nanoseconds: 0), task: .place)
  }
}
