import Model
import Planning
import Synchronization
import Testing

/// Cost against time: x at a, with three more sites; 10 hours of computing are left.
@Suite struct FrontierTests {
  func planner(_ change: (inout Federation) -> Void = { _ in }) throws -> Planner {
    var federation = Federation(sites: [
      Site(name: "a", price: Price(vmHour: 1), hosts: [Host(name: "a1")]),
      // 5 h at 3: 15. 20 h at 0.2: 4. 8 h at 2: 16, which is neither cheaper nor faster than b.
      Site(name: "b", price: Price(vmHour: 3), hosts: [Host(name: "b1", speed: 2)]),
      Site(name: "c", price: Price(vmHour: 0.2), hosts: [Host(name: "c1", speed: 0.5)]),
      Site(name: "d", price: Price(vmHour: 2), hosts: [Host(name: "d1", speed: 1.25)]),
    ])
    change(&federation)
    return try Planner(
      federation: federation, application: Application(name: "x", remainingHours: 10, vms: [VM(name: "x", host: "a1")]),
      traffic: TrafficMatrix(rows: [], hasWaits: true), windowSeconds: 1, now: Timestamp(nanoseconds: 0), task: .move)
  }

  @Test func hasWhatIsNotBeaten() throws {
    let frontier = try planner().frontier(within: .steps)
    #expect(frontier.proven)
    #expect(frontier.points.map { $0.cost.rounded() } == [4, 10, 15])
    #expect(frontier.points.map(\.seconds) == [72_000.05, 36_000, 18_000.05])
    #expect(frontier.points.map(\.isPresent) == [false, true, false])
    #expect(frontier.points.map(\.placement) == [["x": "c1"], ["x": "a1"], ["x": "b1"]])
  }

  /// By a clock that each look at it advances by a 20,000th of the limit, on a question too large for a proof: what a
  /// search looks at once more before it ends is beyond the limit, a second limit for the frontier would be twice it.
  @Test func planAndFrontierShareTheTime() throws {
    let vms = (0..<24).map { VM(name: "v\($0)", cpu: 0.3 + 0.02 * Double($0), host: "a\($0 % 3)") }
    let rows = (0..<24).flatMap { vm in
      [1, 5, 7].map { step in
        TrafficMatrix.Row(
          source: .name("v\(vm)"), destination: .name("v\((vm + step) % 24)"), ipBytes: Double(1000 * (vm + step)),
          waits: Double(step))
      }
    }
    let planner = try Planner(
      federation: Federation(
        sites: zip(["a", "b", "c", "d"], [1.0, 3, 0.2, 2]).map { name, price in
          Site(
            name: name, price: Price(vmHour: price),
            hosts: (0..<3).map { Host(name: "\(name)\($0)", vcpus: 9, speed: price < 2 ? 0.5 + price / 2 : price) })
        }, links: Links(betweenSites: Link(latencyMs: 5, bandwidthMbps: 1000)), egress: Egress(betweenSites: 0.1)),
      application: Application(name: "x", remainingHours: 10, vms: vms),
      traffic: TrafficMatrix(rows: rows, hasWaits: true), windowSeconds: 1, now: Timestamp(nanoseconds: 0), task: .move)
    let clock = LookedAtClock()
    let plan = try planner.planWithFrontier(within: SearchLimits(seconds: 8, workers: 1, clock: clock))
    #expect(plan.frontier?.points.isEmpty == false)
    #expect(clock.seconds < 12, "\(clock.seconds) s of 8")
  }

  /// 201 VMs of two vCPUs on 200 hosts of three, which is too large for a proof: half of the time finds nothing, nor
  /// does the other half, and that is what is said.
  @Test func allOfTheTimeIsUsedToFindAPlacement() throws {
    let planner = try Planner(
      federation: Federation(
        sites: (0..<10).map { site in
          Site(name: "s\(site)", hosts: (0..<20).map { Host(name: "h\(site)-\($0)", vcpus: 3) })
        }),
      application: Application(
        name: "x", remainingHours: 10, vms: (0..<201).map { VM(name: "v\($0)", vcpus: 2, host: "h0-0") }),
      traffic: TrafficMatrix(rows: [], hasWaits: true), windowSeconds: 1, now: Timestamp(nanoseconds: 0), task: .move)
    let clock = LookedAtClock()
    let error = #expect(throws: NothingFound.self) {
      try planner.planWithFrontier(within: SearchLimits(seconds: 8, workers: 1, clock: clock))
    }
    #expect(error?.seconds == 8)
    #expect(clock.seconds > 7)
  }

  @Test func nothingFitsNothingIsListed() throws {
    let frontier = try planner { federation in
      for site in federation.sites.indices { federation.sites[site].isDrained = true }
    }.frontier(within: .steps)
    #expect(frontier.points.isEmpty)
  }

  /// Against all placements of random questions.
  @Test(arguments: 0..<30) func isTheFrontierOfAllPlacements(seed: Int) throws {
    var question = RandomQuestion(seed: seed, vms: 3, hosts: 1...2)
    question.application.objective = .cost
    let planner = try Planner(
      federation: question.federation, application: question.application, traffic: question.traffic, windowSeconds: 10,
      now: RandomQuestion.now, task: question.task)
    var all: [PlacementEvaluation] = []
    planner.instance.forEachPlacement { placement in
      let evaluation = PlacementEvaluation(of: placement, in: planner.instance)
      if evaluation.isFeasible { all.append(evaluation) }
    }
    let frontier = planner.frontier(within: .steps, most: 10_000)
    #expect(frontier.points.isEmpty == all.isEmpty)
    for point in frontier.points {
      let isBeaten = all.contains { other in
        other.cost.total < point.cost * (1 - 1e-9) && other.totalSeconds < point.seconds * (1 - 1e-9)
      }
      #expect(!isBeaten)
    }
    // Both ends are there.
    guard let first = frontier.points.first, let last = frontier.points.last else { return }
    #expect(first.cost <= (all.map(\.cost.total).min() ?? 0) * (1 + 1e-9) + 1e-12)
    #expect(last.seconds <= (all.map(\.totalSeconds).min() ?? 0) * (1 + 1e-9))
  }
}

/// Goes on by 8 ms with each look at it.
private final class LookedAtClock: Clock {
  private let start = ContinuousClock.now
  private let looks = Atomic(0)

  var now: ContinuousClock.Instant {
    start.advanced(by: .microseconds(400 * looks.add(1, ordering: .relaxed).newValue))
  }
  var minimumResolution: Duration { .microseconds(400) }
  var seconds: Double { Double(looks.load(ordering: .relaxed)) * 0.0004 }

  func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {}
}
