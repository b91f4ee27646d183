import Model
import Planning
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
