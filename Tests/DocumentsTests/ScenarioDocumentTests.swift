import Documents
import Model
import Testing

@Suite struct ScenarioDocumentTests {
  private static let sites = """
    federation:
      sites:
        - {name: a, hosts: [{name: a1, vcpus: 4, memoryGiB: 8}]}
        - {name: b, hosts: [{name: b1, vcpus: 4, memoryGiB: 8}]}
      links: {}
    """

  private func problems(_ text: String) -> [String] {
    do {
      let (_, warnings) = try ScenarioDocument.parse(text, file: "s.yaml")
      return warnings.map(\.description)
    } catch {
      return error.diagnostics.map(\.description)
    }
  }

  @Test func aScenarioIsRead() throws {
    let text =
      "hours: 12\nstart: 2026-12-01T00:00:00Z\ndecideSeconds: 30\njitter: 0.2\nmoveFailures: 0.1\n" + Self.sites + """

        applications:
          - name: job
            count: 2
            everyHours: 1
            objective: time
            workHours: 3
            checkpointHours: 0.5
            vms: 4
            memoryGiB: 1
            startsAt: [a, b]
            phases: [{hours: 1, structure: ring, waitsPerSecond: 5, shuffled: false}, {structure: hub}]
        events:
          - {atHours: 1, everyHours: 2, times: 3, site: a, price: {vmHour: 0.5}}
          - {atHours: 2, site: b, closes: {noticeMinutes: 10, forHours: 1}}
          - {atHours: 4, site: b, fails: {forHours: 0.5}}
          - {atHours: 5, site: b, speed: 2}
        """
    let (scenario, warnings) = try ScenarioDocument.parse(text, file: "s.yaml")
    #expect(warnings.isEmpty)
    #expect(scenario.start == Timestamp("2026-12-01T00:00:00Z"))
    #expect((scenario.hours, scenario.decideSeconds, scenario.jitter, scenario.moveFailures) == (12, 30, 0.2, 0.1))
    let pattern = try #require(scenario.applications.first)
    #expect(pattern.startsAt == ["a", "b"] && pattern.checkpointHours == 0.5 && pattern.objective == .time)
    #expect(pattern.phases.map(\.structure) == [.ring, .hub] && !pattern.phases[0].isShuffled)
    #expect(
      scenario.events.map(\.change) == [
        .price(Price(vmHour: 0.5)), .closes(noticeMinutes: 10, forHours: 1), .fails(forHours: 0.5), .speed(2),
      ])
  }

  /// What contradicts itself is refused, with the line where it does.
  @Test(arguments: [
    ("applications: [{name: x, vms: 1, arrivesAtHours: 30}]", "s.yaml:7:16: error", "when the scenario has ended"),
    ("applications: [{name: x, vms: 1, workHours: 1, lastsHours: 2}]", "s.yaml:7:60: error", "contradicts `workHours`"),
    (
      "applications: [{name: x, vms: 2, phases: [{structure: groups, groupSize: 4}]}]", "s.yaml:7:16: error",
      "groups of 4"
    ),
    ("applications: [{name: x, vms: 9}]", "s.yaml:7:16: error", "take 9 vCPUs"),
    ("applications: [{name: x, vms: 1, vcpus: 5}]", "s.yaml:7:16: error", "which no host has"),
    ("applications: [{name: x, vms: 1, startsAt: [c]}]", "s.yaml:7:45: error", "\"c\" is not the name of a site"),
    (
      "applications: [{name: x, vms: 1}]\nevents: [{atHours: 1, site: a, opens: true, speed: 2}]", "s.yaml:8:10: error",
      "several events at once"
    ),
    (
      "applications: [{name: x, vms: 1}]\nevents: [{atHours: 1, site: a}]", "s.yaml:8:10: error",
      "says nothing of what happens"
    ),
    (
      "applications: [{name: x, vms: 1}]\nevents: [{atHours: 1, site: a, fails: {forHours: 3}}, {atHours: 2, site: a, fails: {forHours: 1}}]",
      "s.yaml:8:55: error", "isn't back"
    ),
    (
      "applications: [{name: x, vms: 1}]\nevents: [{atHours: 1, site: a, closes: {}}, {atHours: 2, site: a, closes: {}}]",
      "s.yaml:8:45: error", "but it is closed"
    ),
    (
      "applications: [{name: x, vms: 1}]\nevents: [{atHours: 1, site: a, closes: {}}, {atHours: 2, site: a, opens: true}, {atHours: 3, site: a, opens: true}]",
      "s.yaml:8:81: error", "but it is open"
    ),
    (
      "applications: [{name: x, vms: 1}]\nevents: [{atHours: 0.1, site: a, closes: {noticeMinutes: 10}}]",
      "s.yaml:8:42: error", "before the scenario begins"
    ),
    (
      "applications: [{name: x, vms: 1}]\nevents: [{atHours: 1, times: 3, site: a, speed: 2}]", "s.yaml:8:30: error",
      "needs `everyHours`"
    ),
    (
      "applications: [{name: x, vms: 1, startsAt: [a]}]\nevents: [{atHours: 1, site: a, opens: true}]",
      "s.yaml:7:44: error", "isn't open yet"
    ),
  ])
  func contradictionsAreRefused(rest: String, place: String, words: String) {
    let found = problems("hours: 24\n" + Self.sites + "\n" + rest + "\n")
    #expect(found.contains { $0.hasPrefix(place) && $0.contains(words) }, "\(found)")
  }

  /// What nobody would wait for, and no memory would hold.
  @Test(arguments: [
    ("hours: 1e9\n", "applications: [{name: x, vms: 1}]", "too long"),
    ("hours: 1\n", "applications: [{name: x, vms: 20000, phases: [{structure: all}]}]", "five million pairs"),
    ("hours: 1\n", "applications: [{name: x, vms: 1000, count: 2000}]", "a million VMs"),
    ("hours: 24\n", "applications: [{name: x, vms: 1, phases: [{hours: 1}, {hours: 1e-6}]}]", "phases[1] is too short"),
  ])
  func whatIsTooLargeIsRefused(hours: String, rest: String, words: String) {
    let found = problems(hours + Self.sites + "\n" + rest + "\n")
    #expect(found.contains { $0.contains(words) }, "\(found)")
  }

  /// What the planner would see and the world wouldn't know.
  @Test func whatIsNotPlayedIsTold() throws {
    let text = """
      hours: 24
      federation:
        sites:
          - {name: a, headroom: 0.5, quota: {vcpus: 4, vms: 1}, hosts: [{name: a1, vcpus: 4, cpuModel: Haswell}]}
        links: {}
        owners: [{name: alice, shares: 2}]
      applications: [{name: x, vms: 1}]
      """
    let (scenario, warnings) = try ScenarioDocument.parse(text, file: "s.yaml")
    let site = scenario.federation.sites[0]
    #expect((site.headroom, site.quota, site.hosts[0].cpuModel) == (0, Quota(vcpus: 4), nil))
    #expect(warnings.map(\.line) == [4, 4, 4, 6])
    #expect(warnings.allSatisfy { $0.message.hasSuffix("isn't played, and left out") })
    let found = problems(
      text.replacing("headroom: 0.5", with: "windows: [{until: 2026-12-01T00:00:00Z}]").replacing(
        "cpuModel: Haswell", with: "drain: true"))
    #expect(found.contains { $0.contains("sites[0].windows: isn't played") })
    #expect(found.contains { $0.contains("hosts[0].drain: isn't played") })
  }

  /// A price may be said of a site before it opens.
  @Test func aSiteIsClosedUntilItOpens() {
    #expect(
      problems(
        "hours: 24\n" + Self.sites + "\napplications: [{name: x, vms: 1}]\nevents: "
          + "[{atHours: 1, site: a, price: {vmHour: 1}}, {atHours: 2, site: a, opens: true}]\n"
      ).isEmpty)
  }

  @Test func anotherKindOfDocumentIsToldApart() {
    let found = problems("name: cg\nvms: [{name: vm1}]\n")
    #expect(found.first?.contains("this is an application, not a scenario") == true)
  }
}
