import Model
import Simulation
import Testing

/// What a run comes to, against sums made by hand.
@Suite struct WorldTests {
  @Test func aVMAloneCostsItsPlaceForItsWork() throws {
    let course = Course(
      of: try scenario(
        "hours: 24\n" + pair + "\napplications:\n  - {name: job, vms: 1, workHours: 10, startsAt: [a]}\n"), seed: 1)
    let trial = Trial(of: course, under: .still)
    // 10 h at 0.1 an hour.
    #expect(isNear(trial.value, 1))
    #expect(isNear(trial.total.seconds, 36_000))
    #expect(trial.total.isDone && trial.total.moves == 0)
  }

  @Test func waitingAcrossSitesMakesTheRunLongerAndDataCosts() throws {
    let text = """
      hours: 24
      federation:
        sites:
          - {name: a, price: {vmHour: 0.1}, hosts: [{name: a1}]}
          - {name: b, price: {vmHour: 0.1}, hosts: [{name: b1}]}
        links: {betweenSites: {latencyMs: 10}}
        egress: {betweenSites: 0.05}
      applications:
        - name: job
          vms: 2
          cpu: 0.5
          workHours: 2
          startsAt: [a, b]
          phases: [{structure: ring, waitsPerSecond: 10, bytesPerSecond: 1000000}]
      """
    let trial = Trial(of: Course(of: try scenario(text), seed: 3), under: .still)
    // σ = 0.5 + 0.5 + 10 · 0.01: 2 h of work take 2.2 h; 7.2 GB cross each way, however long that takes.
    #expect(isNear(trial.total.seconds, 2.2 * 3600))
    #expect(isNear(trial.total.hosting, 2 * 0.1 * 2.2))
    #expect(isNear(trial.total.egress, 2 * 7.2 * 0.05))
  }

  @Test func aMoveTakesTimeAndBothPlaces() throws {
    let course = Course(
      of: try scenario(
        "hours: 24\n" + pair + "\napplications:\n  - {name: job, vms: 1, memoryGiB: 1, workHours: 4, startsAt: [a]}\n"),
      seed: 1)
    let trial = Trial(of: course, following: [0: [(0, [0]), (3600, [1])]])
    // 2³⁰ bytes at 10⁶ a second; 50 ms of standing still.
    let seconds = 0x1p30 / 1e6
    let total = trial.total
    #expect(total.moves == 1 && total.plans == 1 && total.movedBytes == 0x1p30)
    #expect(isNear(total.seconds, 4 * 3600 + 0.05))
    #expect(isNear(total.hosting, (3600 + seconds) * 0.1 / 3600 + (3 * 3600 - seconds + 0.05) * 0.05 / 3600))
    #expect(isNear(total.migration, 0x1p30 / 1e9 * 0.1 + seconds * 0.05 / 3600))
  }

  @Test func whatIsAtASiteThatHasFailedStandsStill() throws {
    let course = Course(
      of: try scenario(
        "hours: 24\n" + pair + """

          applications:
            - {name: job, vms: 1, workHours: 4, startsAt: [a]}
          events:
            - {atHours: 1, site: a, fails: {forHours: 2}}
          """), seed: 1)
    let total = Trial(of: course, under: .still).total
    #expect(isNear(total.seconds, 6 * 3600))
    #expect(isNear(total.standing, 2 * 3600))
    // Nobody pays for a place that isn't there.
    #expect(isNear(total.hosting, 0.4))
  }

  @Test func whatIsAtASiteThatClosesIsLostAndStartedAgainElsewhere() throws {
    let course = Course(
      of: try scenario(
        "hours: 24\n" + pair + """

          applications:
            - {name: job, vms: 1, workHours: 4, checkpointHours: 2, startsAt: [a]}
          events:
            - {atHours: 3, site: a, closes: {}}
          """), seed: 1)
    let total = Trial(of: course, under: .still).total
    #expect(total.restarts == 1)
    // 3 h, of which 2 are saved; then 2 h more and five minutes for the start.
    #expect(isNear(total.seconds, 5 * 3600 + 300))
    #expect(isNear(total.hosting, 0.3 + (2 + 1 / 12.0) * 0.05))
  }

  @Test func aPriceCountsFromWhenItChanges() throws {
    let course = Course(
      of: try scenario(
        "hours: 24\n" + pair + """

          applications:
            - {name: service, vms: 2, startsAt: [a]}
          events:
            - {atHours: 6, site: a, price: {vmHour: 0.2}}
          """), seed: 1)
    #expect(isNear(Trial(of: course, under: .still).value, 2 * (6 * 0.1 + 18 * 0.2)))
  }

  /// The second finds no place until the first, and its own time, are over.
  @Test func aServiceThatNeverHadAPlaceIsNotDone() throws {
    let course = Course(
      of: try scenario(
        "hours: 24\n" + pair + """

          applications:
            - {name: x, vms: 4, startsAt: [a]}
            - {name: y, vms: 4, arrivesAtHours: 1, startsAt: [a]}
          """), seed: 1)
    let trial = Trial(of: course, under: .still)
    #expect(trial.accounts.map(\.isDone) == [true, false] && !trial.total.isDone)
    #expect(isNear(trial.total.hosting, 24 * 4 * 0.1))
    #expect(isNear(trial.total.standing, 23 * 3600))
  }

  /// Also at the first instant: what is dirtied at 1000 MiB/s never crosses 8 Mb/s.
  @Test func aPlanThatCannotBeginHasFailed() throws {
    let course = Course(
      of: try scenario(
        "hours: 1\n" + pair
          + "\napplications:\n  - {name: job, vms: 1, dirtyMiBps: 1000, workHours: 0.5, startsAt: [a]}\n"), seed: 1)
    let total = Trial(of: course, following: [0: [(0, [0]), (0, [1])]]).total
    #expect(total.plans > 0 && total.failedPlans == total.plans && total.moves == 0)
  }

  @Test func movesThatFailCostAndLeaveTheVMWhereItIs() throws {
    let course = Course(
      of: try scenario(
        "hours: 24\nmoveFailures: 0.9\n" + pair
          + "\napplications:\n  - {name: job, vms: 1, memoryGiB: 1, workHours: 20, startsAt: [a]}\n"), seed: 1)
    let total = Trial(of: course, following: [0: [(0, [0]), (3600, [1])]]).total
    #expect(total.failedMoves > 0 && total.failedPlans == total.failedMoves)
    #expect(total.movedBytes == Double(total.moves + total.failedMoves) * 0x1p30)
  }
}
