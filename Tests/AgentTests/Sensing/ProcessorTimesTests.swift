import Agent
import Libvirt
import Model
import Testing
import Traffic

struct ProcessorTimesTests {
  private let start = ContinuousClock.now

  @Test func differencesAreScaledToThePeriod() {
    var times = ProcessorTimes()
    #expect(times.take(["vm1": 5_000_000_000], at: start, period: 10) == nil)
    let seconds = times.take(
      ["vm1": 10_500_000_000, "vm2": 2_000_000_000], at: start + .seconds(11), period: 10)
    // 5.5 s in 11 s; vm2 has come meanwhile.
    #expect(seconds?["vm1"] == 5)
    #expect((seconds?["vm2"] ?? 0) > 1.8 && (seconds?["vm2"] ?? 0) <= 2)
    // A domain that was started anew counts from 0 again.
    #expect(times.take(["vm1": 1_000_000_000], at: start + .seconds(21), period: 10) == ["vm1": 1])
  }

  /// Reports of two periods at once: what was in which isn't known, and nothing is counted twice.
  @Test func lateReports() {
    var times = ProcessorTimes()
    _ = times.take(["vm1": 0], at: start, period: 10)
    #expect(times.take(["vm1": 4_000_000_000], at: start + .seconds(20), period: 10) == ["vm1": 2])
    #expect(times.take(["vm1": 4_000_000_000], at: start + .seconds(20), period: 10) == nil)
    #expect(times.take(["vm1": 5_000_000_000], at: start + .seconds(30), period: 10) == ["vm1": 1])
  }

  @Test func interfacesThatNoTapShows() throws {
    let domain = try XMLElement(
      parsing: """
        <domain><devices>
        <interface type='ethernet'><mac address='52:54:00:00:01:01'/><target dev='th525400000101'/></interface>
        <interface type='direct'><mac address='52:54:00:00:01:02'/><target dev='macvtap0'/></interface>
        <interface type='hostdev'/>
        </devices></domain>
        """)
    let reason = try #require(DomainFacts.unseen(in: domain))
    #expect(reason.contains("52:54:00:00:01:02 (direct)") && reason.contains("(hostdev)"))
    #expect(!reason.contains("01:01"))
    #expect(DomainFacts.unseen(in: try XMLElement(parsing: "<domain><devices/></domain>")) == nil)
  }

  @Test func reportsAreCompleted() {
    var report = SensorReport(
      host: "a1", incarnation: 1, sequence: 1, period: Period(start: Timestamp(nanoseconds: 0), length: 1),
      vms: ["here", "gone", "off", "veth"].map { SensedVM(name: $0) },
      received: [.init(source: .name("x"), destination: .name("gone"), counts: PairCounts())])
    let facts = DomainFacts(cpuNanoseconds: 5, vcpus: 2, memory: 96 << 20)
    report.complete(
      ["here": facts, "strange": facts, "moving": facts], seconds: ["here": 1.5], others: ["veth"]
    ) { $0 == "moving" }
    // One that has left was heard; one that is off wasn't; one that comes is the other host's.
    #expect(report.vms.map(\.name) == ["here", "gone", "veth", "strange"])
    #expect(report.vms[0] == SensedVM(name: "here", cpuSeconds: 1.5, vcpus: 2, memory: 96 << 20))
    #expect(report.vms[1] == SensedVM(name: "gone"))
    #expect(report.vms[3].unknown != nil)
  }
}
