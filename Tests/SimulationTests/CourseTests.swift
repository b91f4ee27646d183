import Model
import Simulation
import Testing

@Suite struct CourseTests {
  /// Closed for eight hours every day, which is known a day ahead: of the second closing from the opening before it on.
  @Test func aClosingIsKnownFromTheOpeningBeforeIt() throws {
    let course = Course(
      of: try scenario(
        "hours: 96\n" + pair + """

          applications: [{name: job, vms: 1}]
          events:
            - {atHours: 24, everyHours: 24, times: 2, site: a, closes: {noticeMinutes: 1440, forHours: 8}}
          """), seed: 1)
    let hour = 3600.0
    #expect(course.changes.map { $0.seconds / hour } == [0, 24, 32, 32, 48, 56])
    #expect(
      course.changes.map(\.kind) == [
        .notice(closes: 24 * hour), .close, .open, .notice(closes: 48 * hour), .close, .open,
      ])
  }
}
