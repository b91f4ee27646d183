import Model
import Planning
import Testing

/// Orders of moves against brute force.
@Suite struct MoveOrderTests {
  /// Random placements of up to six VMs on up to four hosts of two sites, with little room: an order is found exactly
  /// where trying all permutations finds one, and each of its steps fits.
  @Test(arguments: 0..<400 as Range<UInt64>) func agreesWithAllPermutations(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let problem = MoveProblem.random(using: &random)
    guard let target = problem.randomTarget(using: &random) else { return }
    let order = MoveOrder(from: problem.present, to: target, in: try problem.instance())
    let moving = problem.present.indices.filter { problem.present[$0] != target[$0] }
    #expect(order.vms.sorted() == moving)
    #expect(order.isComplete == problem.anyOrderFits(moving, to: target))
    if order.isComplete {
      #expect(problem.fits(order.vms, to: target))
    } else {
      #expect(order.isProven)
      #expect(!order.obstacles.isEmpty)
    }
  }

  @Test func swapBetweenFullHostsHasNoOrder() throws {
    let problem = MoveProblem(hosts: [1, 1], vms: [1, 1], present: [0, 1])
    let order = MoveOrder(from: [0, 1], to: [1, 0], in: try problem.instance())
    #expect(!order.isComplete && order.isProven)
    #expect(order.obstacles.first == "vm0 needs 1 vCPU on h1, which has 0 free until vm1 has left")
  }

  @Test func searchThatIsCutProvesNothing() throws {
    let problem = MoveProblem(hosts: [1, 1], vms: [1, 1], present: [0, 1])
    let limits = SearchLimits(seconds: .infinity, steps: 1)
    let order = MoveOrder(from: [0, 1], to: [1, 0], in: try problem.instance(), within: limits)
    #expect(!order.isComplete && !order.isProven)
    #expect(order.vms == [0, 1])
  }

  @Test func chainStartsWhereThereIsRoom() throws {
    let problem = MoveProblem(hosts: [1, 1, 1, 1], vms: [1, 1, 1], present: [0, 1, 2])
    let order = MoveOrder(from: [0, 1, 2], to: [1, 2, 3], in: try problem.instance())
    #expect(order.isComplete)
    #expect(order.vms == [2, 1, 0])
  }

  /// A thousand VMs, shifted by one host each, where only the last host has room.
  @Test func longChain() throws {
    let count = 1000
    let problem = MoveProblem(
      hosts: Array(repeating: 1, count: count + 1), vms: Array(repeating: 1, count: count), present: Array(0..<count))
    let order = MoveOrder(from: problem.present, to: Array(1...count), in: try problem.instance())
    #expect(order.isComplete)
    #expect(order.vms == (0..<count).reversed())
  }

  /// 270 VMs of different sizes change places on 50 hosts that are 90 % full: more than a complete search could take.
  @Test(arguments: 0..<5 as Range<UInt64>) func manyMovesOnFullHosts(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let vms = (0..<270).map { [1.0, 2, 4, 4, 2.5][$0 % 5] }
    func packed() -> [Int] {
      var free = [Double](repeating: 16, count: 50)
      var placement = vms.map { _ in 0 }
      for vm in vms.indices.sorted(by: { (vms[$0], $0) > (vms[$1], $1) }) {
        placement[vm] = free.indices.filter { free[$0] >= vms[vm] }.randomElement(using: &random) ?? 0
        free[placement[vm]] -= vms[vm]
      }
      return placement
    }
    let problem = MoveProblem(hosts: Array(repeating: 16, count: 50), vms: vms, present: packed())
    let target = packed()
    let order = MoveOrder(from: problem.present, to: target, in: try problem.instance())
    #expect(order.isComplete)
    #expect(problem.fits(order.vms, to: target))
  }

  /// Three hosts with room for two beside one that is full: the search must not fill the wrong one first.
  @Test func roomIsKeptForWhoNeedsIt() throws {
    // vm0 (2) can only leave h0 for h1 once vm1 (1) has left h1; vm2 (1) could take the room that vm1 needs on h2.
    let problem = MoveProblem(hosts: [2, 2, 2, 1], vms: [2, 1, 1, 1], present: [0, 1, 3, 2])
    let order = MoveOrder(from: [0, 1, 3, 2], to: [1, 2, 2, 0], in: try problem.instance())
    #expect(order.isComplete == problem.anyOrderFits([0, 1, 2, 3], to: [1, 2, 2, 0]))
  }
}

/// Hosts h0, h1, … (the first half at site a, the others at b) with vCPUs, VMs vm0, vm1, … on them.
struct MoveProblem {
  var hosts: [Double]
  var vms: [Double]
  var present: [Int]
  /// vCPUs that a site's quota allows.
  var quotas: [Double] = [.infinity, .infinity]
  var apart: [Int] = []

  private func site(_ host: Int) -> Int { host * 2 < hosts.count ? 0 : 1 }

  func instance() throws -> PlacementInstance {
    let sites = [0, 1].map { site in
      Site(
        name: ["a", "b"][site], quota: Quota(vcpus: quotas[site].isFinite ? quotas[site] : nil),
        hosts: hosts.indices.filter { self.site($0) == site }.map { Host(name: "h\($0)", vcpus: hosts[$0]) })
    }
    let application = Application(
      name: "test", vms: vms.indices.map { VM(name: "vm\($0)", vcpus: vms[$0], host: "h\(present[$0])") },
      constraints: apart.isEmpty ? [] : [.apart(apart.map { "vm\($0)" })])
    return try PlacementInstance(
      federation: Federation(sites: sites), application: application, traffic: TrafficMatrix(rows: [], hasWaits: false),
      windowSeconds: 1, now: Timestamp(nanoseconds: 0), task: .move)
  }

  func isFeasible(_ placement: [Int]) -> Bool {
    hosts.indices.allSatisfy { host in used(placement) { $0 == host } <= hosts[host] }
      && [0, 1].allSatisfy { site in used(placement) { self.site($0) == site } <= quotas[site] }
      && Set(apart.map { placement[$0] }).count == apart.count
  }

  private func used(_ placement: [Int], _ on: (Int) -> Bool) -> Double {
    vms.indices.reduce(0) { $0 + (on(placement[$1]) ? vms[$1] : 0) }
  }

  /// Every step on its own, for the VM that arrives.
  func fits(_ order: [Int], to target: [Int]) -> Bool {
    var placement = present
    for vm in order {
      let from = placement[vm]
      placement[vm] = target[vm]
      let host = target[vm]
      guard used(placement, { $0 == host }) <= hosts[host] else { return false }
      guard site(from) == site(host) || used(placement, { site($0) == site(host) }) <= quotas[site(host)] else {
        return false
      }
      guard !apart.contains(vm) || !apart.contains(where: { $0 != vm && placement[$0] == host }) else { return false }
    }
    return true
  }

  func anyOrderFits(_ moving: [Int], to target: [Int]) -> Bool {
    func extend(_ order: [Int]) -> Bool {
      guard fits(order, to: target) else { return false }
      return order.count == moving.count || moving.contains { !order.contains($0) && extend(order + [$0]) }
    }
    return extend([])
  }

  static func random(using random: inout SeededGenerator) -> MoveProblem {
    let count = Int.random(in: 2...6, using: &random)
    var problem = MoveProblem(
      hosts: (0..<Int.random(in: 2...4, using: &random)).map { _ in Double.random(in: 1...4, using: &random).rounded()
      },
      vms: (0..<count).map { _ in [1, 1, 2].randomElement(using: &random) ?? 1 }, present: [])
    problem.present = (0..<count).map { _ in Int.random(in: problem.hosts.indices, using: &random) }
    if Bool.random(using: &random) { problem.apart = Array(0..<Int.random(in: 2...count, using: &random)) }
    if Bool.random(using: &random) { problem.quotas[0] = Double.random(in: 2...6, using: &random).rounded() }
    return problem
  }

  /// A feasible placement; nil where some tries find none.
  func randomTarget(using random: inout SeededGenerator) -> [Int]? {
    for _ in 0..<200 {
      let target = vms.map { _ in Int.random(in: hosts.indices, using: &random) }
      if isFeasible(target) { return target }
    }
    return nil
  }
}
