import Model
import Testing
import Traffic

@Suite struct MergingTests {
  private let one = SensedVM(name: "vm1", cpuSeconds: 10, vcpus: 2, memory: 1 << 30)
  private let two = SensedVM(name: "vm2", cpuSeconds: 5, vcpus: 1, memory: 1 << 29)

  @Test func theReceiverCountsAndTheSenderTellsTheLoss() throws {
    let merged = GlobalPeriod(
      period: .number(0),
      reports: [
        .of("a1", vms: [one], received: [.row("vm2", "vm1", packets: 8)], sent: [.row("vm1", "vm2", packets: 10)]),
        .of("b1", vms: [two], received: [.row("vm1", "vm2", packets: 7)], sent: [.row("vm2", "vm1", packets: 8)]),
      ], expectedHosts: ["a1", "b1"])
    #expect(merged.isComplete)
    #expect(merged.hosts == ["a1", "b1"])
    try #require(merged.rows.count == 2)
    let (there, back) = (merged.rows[0], merged.rows[1])
    #expect((there.source, there.destination) == (.name("vm1"), .name("vm2")))
    #expect(there.counts.packets == 7)
    #expect(there.counts.ipBytes == 602)
    #expect(there.sentPackets == 10)
    #expect(there.lostPackets == 3)
    #expect(!there.bySender)
    #expect(back.counts.packets == 8)
    #expect(back.lostPackets == 0)
  }

  @Test func whereTheReceiversHostIsMissingTheSenderCounts() throws {
    let merged = GlobalPeriod(
      period: .number(0), reports: [.of("a1", vms: [one], sent: [.row("vm1", "vm2", packets: 10)])],
      expectedHosts: ["b1", "a1"])
    #expect(!merged.isComplete)
    #expect(merged.missingHosts == ["b1"])
    let row = try #require(merged.rows.first)
    #expect(row.counts.packets == 10)
    #expect(row.bySender)
    #expect(row.sentPackets == 10)
    #expect(row.lostPackets == nil)
  }

  @Test func whatNeverArrivedIsALoss() throws {
    let merged = GlobalPeriod(
      period: .number(0),
      reports: [.of("a1", vms: [one], sent: [.row("vm1", "vm2", packets: 10)]), .of("b1", vms: [two])],
      expectedHosts: ["a1", "b1"])
    let row = try #require(merged.rows.first)
    #expect(row.counts.packets == 0)
    #expect(!row.bySender)
    #expect(row.lostPackets == 10)
  }

  @Test func endpointsWithoutASensorAreCountedAtTheVM() throws {
    let merged = GlobalPeriod(
      period: .number(0),
      reports: [
        .of(
          "a1", vms: [one], received: [.row("10.0.0.9", "vm1", packets: 4)],
          sent: [.row("vm1", "10.0.0.9", packets: 6)])
      ], expectedHosts: ["a1"])
    try #require(merged.rows.count == 2)
    // Addresses come before names.
    #expect(merged.rows[0].counts.packets == 4)
    #expect(merged.rows[0].sentPackets == nil)
    #expect(!merged.rows[0].bySender)
    #expect(merged.rows[1].counts.packets == 6)
    #expect(merged.rows[1].bySender)
  }

  @Test func multicastCountsAtEachReceiver() throws {
    let merged = GlobalPeriod(
      period: .number(0),
      reports: [
        .of(
          "a1", vms: [one, two], received: [.row("vm1", "224.0.0.5", packets: 3)],
          sent: [.row("vm1", "224.0.0.5", packets: 3)]),
        .of("b1", vms: [SensedVM(name: "vm3")], received: [.row("vm1", "224.0.0.5", packets: 2)]),
      ], expectedHosts: [])
    let row = try #require(merged.rows.first)
    #expect(row.counts.packets == 5)
    #expect(row.sentPackets == 3)
    #expect(row.lostPackets == nil)
  }

  @Test func aVMThatMovedAddsUp() throws {
    var later = one
    (later.cpuSeconds, later.spoofed, later.tapDropped) = (2.5, 1, 2)
    let reports: [SensorReport] = [
      .of("b1", vms: [later], received: [.row("vm2", "vm1", packets: 5)], sent: [.row("vm1", "vm2", packets: 1)]),
      .of("a1", vms: [one], received: [.row("vm2", "vm1", packets: 20)], sent: [.row("vm1", "vm2", packets: 2)]),
      .of("a2", vms: [two], received: [.row("vm1", "vm2", packets: 3)], sent: [.row("vm2", "vm1", packets: 26)]),
    ]
    let merged = GlobalPeriod(period: .number(0), reports: reports, expectedHosts: ["a1", "a2", "b1"])
    #expect(merged.rows.map(\.counts.packets) == [3, 25])
    #expect(merged.rows.map(\.lostPackets) == [0, 1])
    let vm = try #require(merged.vms.first)
    #expect(vm.hosts == ["a1", "b1"])
    #expect(vm.facts.cpuSeconds == 12.5)
    #expect(vm.facts.spoofed == 1)
    #expect(vm.facts.tapDropped == 2)
    #expect(vm.facts.vcpus == 2)
    // In any order, and told twice, the same.
    #expect(
      merged
        == GlobalPeriod(
          period: .number(0), reports: (reports + reports).reversed(), expectedHosts: ["b1", "a2", "a1"]))
  }

  @Test func aTimeThatOneHostDoesNotKnowIsNotKnown() {
    var other = one
    other.cpuSeconds = nil
    let merged = GlobalPeriod(
      period: .number(0), reports: [.of("a1", vms: [one]), .of("b1", vms: [other])], expectedHosts: [])
    #expect(merged.vms.first?.facts.cpuSeconds == .some(nil))
  }

  @Test func aVMThatTapsDoNotShowIsNotTakenToBeSilent() throws {
    var hidden = two
    hidden.unknown = "vm2 has an interface without a tap"
    let merged = GlobalPeriod(
      period: .number(0),
      reports: [.of("a1", vms: [one], sent: [.row("vm1", "vm2", packets: 9)]), .of("b1", vms: [hidden])],
      expectedHosts: [])
    #expect(merged.rows.first?.bySender == true)
    #expect(merged.rows.first?.counts.packets == 9)
  }

  @Test func aPartialReportIsSaid() {
    let merged = GlobalPeriod(
      period: .number(0),
      reports: [
        .of("a1", incomplete: "the sensor began within the period"), .of("b1"),
        .of("a1", incarnation: 2, incomplete: "ended"), .of("c1", period: 1),
      ], expectedHosts: ["a1", "b1"])
    #expect(!merged.isComplete)
    #expect(merged.missingHosts == [])
    #expect(merged.partialHosts == ["a1": "ended; the sensor began within the period"])
    #expect(merged.incompleteHosts == ["a1"])
  }

  @Test func countsDoNotOverflow() {
    let huge = PairCounts(packets: .max, lag: .min, shares: .max)
    let merged = GlobalPeriod(
      period: .number(0),
      reports: [
        .of("a1", vms: [one], received: [.row("vm2", "vm1", huge)]),
        .of("b1", vms: [one, two], received: [.row("vm2", "vm1", huge)], sent: [.row("vm2", "vm2", huge)]),
      ], expectedHosts: [])
    #expect(merged.rows.count == 1)
  }

  /// Asks and answers, 6 turns seen at vm1 and 5 at vm2: by DESIGN.md's rule each row's waits are its turns, where
  /// every one matched has a share of 1.
  @Test func waitsComeOfBothRows() throws {
    let atOne = PairCounts(packets: 12, turns: 6, matched: 6, shares: 6000)
    let atTwo = PairCounts(packets: 12, turns: 5, matched: 5, shares: 5000)
    let merged = GlobalPeriod(
      period: .number(0),
      reports: [
        .of("a1", vms: [one], received: [.row("vm2", "vm1", atOne)]),
        .of("b1", vms: [two], received: [.row("vm1", "vm2", atTwo)]),
      ], expectedHosts: [])
    #expect(merged.rows.map(\.waits) == [5, 6])
    // Swaps: 8 + 8 matched, 2 + 2 turns, no runs: 12 more than turns, so half of the shares of each.
    let swap = PairCounts(packets: 12, turns: 2, matched: 8, shares: 8000)
    let swapped = GlobalPeriod(
      period: .number(0),
      reports: [
        .of("a1", vms: [one, two], received: [.row("vm2", "vm1", swap), .row("vm1", "vm2", swap)])
      ], expectedHosts: [])
    #expect(swapped.rows.map(\.waits) == [4, 4])
    // Of a file server only the VM's end is seen, and stands for both.
    let served = GlobalPeriod(
      period: .number(0),
      reports: [
        .of(
          "a1", vms: [one], received: [.row("10.0.0.9", "vm1", atOne)], sent: [.row("vm1", "10.0.0.9", packets: 9)])
      ], expectedHosts: [])
    #expect(served.rows.map(\.waits) == [6, 6])
    #expect(served.matrix.rows.map(\.waits) == [6, 6])
    #expect(served.matrix.windowSeconds == 30)
  }
}
