import Model
import Planning
import Simulation
import Testing

/// Figures that the planner's formulas can't be asked about are told before anything is played.
@Suite struct CheckTests {
  private func mixed() throws -> Scenario {
    try scenario(
      "hours: 24\n" + pair.replacing("vcpus: 4", with: "vcpus: 16") + """

        applications:
          - {name: many, count: 9, vms: 1, startsAt: [a]}
          - {name: job, vms: 2, startsAt: [a], phases: [{structure: ring, bytesPerSecond: 1000}]}
        events:
          - {atHours: 1, site: b, price: {vmHour: 0.2}}
          - {atHours: 2, site: b, speed: 2}
        """)
  }

  @Test func allApplicationsAndEvents() throws {
    try Comparison.check(mixed())
    var text = try mixed()
    text.applications[1].phases[0].bytesPerSecond = 1e18
    #expect(throws: PlacementError.self) { try Comparison.check(text) }
    text = try mixed()
    text.events[0].change = .price(Price(vmHour: 1e19))
    #expect(throws: PlacementError.self) { try Comparison.check(text) }
  }

  @Test func whatJitterMakesOfThem() throws {
    var text = try mixed()
    text.events[1].change = .speed(1e-9)
    try Comparison.check(text)
    text.jitter = 0.5
    #expect(throws: PlacementError.self) { try Comparison.check(text) }
  }
}
