import Model
import Testing
import Traffic

/// Periods as they are packed, against the simple way.
@Suite struct PackedPeriodTests {
  private func rows(_ traffic: GlobalPeriod) -> [PlainPeriod.Pair: PlainPeriod.Row] {
    Dictionary(
      uniqueKeysWithValues: traffic.rows.map { row in
        (
          PlainPeriod.Pair(source: row.source, destination: row.destination),
          PlainPeriod.Row(
            counts: row.counts, bySender: row.bySender, sentPackets: row.sentPackets, waits: row.waits)
        )
      })
  }

  @Test(arguments: 1...60 as ClosedRange<UInt64>) func mergedAsInTheSimpleWay(seed: UInt64) {
    var made = MadeUpReports(seed: seed, hugeShare: 0.02)
    let reports = made.reports(of: .number(3), rows: seed % 10 == 0 ? 2000 : 40)
    let merged = GlobalPeriod(period: .number(3), reports: reports, expectedHosts: ["h0", "h9"])
    #expect(rows(merged) == PlainPeriod(reports).rows)
    #expect(merged.rows.indices.map { merged.rows[$0] } == Array(merged.rows))
    let order = merged.rows.map { ($0.source, $0.destination) }
    #expect(zip(order, order.dropFirst()).allSatisfy { $0 < $1 })
    #expect(merged.rows.packets == merged.rows.reduce(0) { $0 &+ $1.counts.packets })
    #expect(merged.rows.ipBytes == merged.rows.reduce(0) { $0 &+ $1.counts.ipBytes })
    // In any order, told twice, or as amendments of amendments: the same.
    #expect(merged == GlobalPeriod(period: .number(3), reports: made.shuffled(reports + reports), expectedHosts: ["h9", "h0"]))
    var amended = GlobalPeriod(period: .number(3), reports: [], expectedHosts: ["h0", "h9"])
    for report in made.shuffled(reports) { amended = amended.amended(by: [report]) }
    #expect(amended == merged)
    // Beginning from the endpoints of another.
    var reused = PeriodReports(period: .number(3), like: GlobalPeriod(period: .number(1), reports: reports.map(\.laterOn), expectedHosts: []))
    for report in reports { reused.take(report) }
    #expect(reused.merged(expectedHosts: ["h0", "h9"]) == merged)
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>) func whatIsWrittenIsRead(seed: UInt64) throws {
    var made = MadeUpReports(seed: seed, hugeShare: 0.02)
    let merged = GlobalPeriod(
      period: .number(-3), reports: made.reports(of: .number(-3), rows: Int(seed) * 30), expectedHosts: ["h0", "h9"])
    let bytes = merged.packed
    let read = try GlobalPeriod(packed: bytes)
    #expect(read == merged)
    #expect(read.packed == bytes)
    #expect(read.rows.packets == merged.rows.packets && read.rows.ipBytes == merged.rows.ipBytes)
    let some = merged.touching([.name("vm1")]).rows
    #expect(some.packets == some.reduce(0) { $0 &+ $1.counts.packets })
    #expect(try GlobalPeriod(packed: bytes, like: merged) == merged)
    // Cut short anywhere, or with any bit changed, it is refused.
    for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 50)) {
      #expect(throws: PackingError.self) { try GlobalPeriod(packed: Array(bytes.prefix(count))) }
    }
    for place in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 50)) {
      var changed = bytes
      changed[place] ^= 1 << UInt8(place % 8)
      #expect(throws: PackingError.self) { try GlobalPeriod(packed: changed) }
    }
  }

  @Test func nothingIsAPeriod() throws {
    let silent = GlobalPeriod(period: .number(0), reports: [], expectedHosts: [])
    #expect(silent.rows.isEmpty)
    #expect(silent.vms.isEmpty)
    #expect(try GlobalPeriod(packed: silent.packed) == silent)
    #expect(silent.rows.touching([.name("vm1")]).isEmpty)
  }

  /// Some 15 bytes, as `docs/decisions/storage.md` has it.
  @Test func rowsTakeLittle() {
    let names = (0..<1000).map { "vm\($0)" }
    func row(_ index: Int, _ stride: Int) -> SensorReport.Row {
      let packets = UInt64(1 + (index * 7919 + stride * 104_729) % 1000)
      return .row(
        names[index], names[(index + stride) % 1000],
        PairCounts(
          packets: packets, frameBytes: packets * 714, ipBytes: packets * 700, rounds: packets / 4, windows: packets / 256,
          turns: packets / 4, matched: packets / 8, runs: packets / 16, shares: packets * 10))
    }
    let rows = (0..<1000).flatMap { index in (1...20).map { row(index, $0 * 37) } }
    let merged = GlobalPeriod(
      period: .number(0), reports: [.of("a1", vms: names.map { SensedVM(name: $0) }, received: rows)], expectedHosts: [])
    #expect(merged.rows.count == 20_000)
    #expect(merged.rows.byteCount < 16 * 20_000)
    #expect(merged.packed.count < 16 * 20_000)
    #expect(rows.count == merged.rows.touching(Set(names.map(Endpoint.name))).count)
  }

  @Test(arguments: 1...60 as ClosedRange<UInt64>) func rowsAreFoundByTheirEnds(seed: UInt64) {
    var made = MadeUpReports(seed: seed)
    let merged = GlobalPeriod(period: .number(0), reports: made.reports(of: .number(0)), expectedHosts: [])
    let all = Array(merged.rows)
    let some = made.endpoints(14)
    let touching = all.filter { some.contains($0.source) || some.contains($0.destination) }
    #expect(merged.rows.touching(some) == touching)
    #expect(merged.rows.among(some) == all.filter { some.contains($0.source) && some.contains($0.destination) })
    let picked = merged.touching(some)
    #expect(picked.rows.map(\.counts) == touching.map(\.counts))
    #expect(picked.rows.map(\.waits) == touching.map(\.waits))
    for vm in merged.vms { #expect(merged.vms.named(vm.facts.name) == vm) }
    #expect(merged.vms.named("nobody") == nil)
    // Whether there are any is told without making them.
    let line = PeriodLine(closed: [merged], length: 30_000_000_000, grace: 0, now: merged.period.end)
    var choices: [Set<Endpoint>] = [some, [.name("nobody")], []]
    for row in all.prefix(5) { choices += [[row.source], [row.destination]] }
    for endpoints in choices {
      guard case .answered(let answer)? = try? line.answer(TrafficQuery(span: .last(1), endpoints: endpoints)) else {
        Issue.record("no answer")
        continue
      }
      #expect(answer.content.isEmpty == merged.rows.touching(endpoints).isEmpty)
    }
  }

  /// Addresses that change all the time are as much of a period as its rows.
  @Test func endpointsCountInWhatIsHeldOnceEach() {
    let name = "a-name-of-more-than-fifteen-octets-"
    let rows = (0..<10_000).map { SensorReport.Row.row("\(name)\($0)", "vm1", packets: 1) }
    let first = GlobalPeriod(period: .number(0), reports: [.of("a1", received: rows)], expectedHosts: [])
    var like = PeriodReports(period: .number(1), like: first)
    like.take(.of("a1", period: 1, received: rows))
    let second = like.merged(expectedHosts: [])
    let other = GlobalPeriod(period: .number(2), reports: [.of("a1", period: 2, received: rows)], expectedHosts: [])
    var sizes = PeriodSizes()
    sizes.add(first)
    let endpoints = sizes.bytes - first.byteCount
    #expect(endpoints > 10_000 * (name.utf8.count + 32))
    sizes.add(second)
    #expect(sizes.bytes == endpoints + first.byteCount + second.byteCount)
    sizes.add(other)
    #expect(sizes.bytes == 2 * endpoints + first.byteCount + second.byteCount + other.byteCount)
  }

  /// What was sent and hasn't arrived has the sender's counts besides.
  @Test func rowsThatNobodyReceivedCountInWhatIsHeld() {
    let rows = (0..<10_000).map { SensorReport.Row.row("10.0.\($0 / 250).\($0 % 250)", "vm1", packets: 1) }
    let lost = GlobalPeriod(
      period: .number(0), reports: [.of("a1", sent: rows), .of("b1", vms: [SensedVM(name: "vm1")])], expectedHosts: [])
    #expect(lost.rows.packets == 0)
    #expect(lost.byteCount > 10_000 * MemoryLayout<PairCounts>.stride)
  }

  @Test func whetherItWasClosedIsKept() throws {
    let unclosed = GlobalPeriod(unclosed: .number(0), reports: [.of("a1", received: [.row("vm2", "vm1", packets: 1)])])
    #expect(!unclosed.isComplete && unclosed.incompleteHosts.isEmpty)
    #expect(try GlobalPeriod(packed: unclosed.packed) == unclosed)
    #expect(!unclosed.amended(by: [.of("b1")]).isComplete)
    #expect(!unclosed.touching([.name("vm1")]).isComplete)
    let closed = GlobalPeriod(period: .number(1), reports: [.of("a1", period: 1)], expectedHosts: ["a1"])
    let sum = GlobalPeriod(rollingUp: [unclosed, closed], into: .number(0, seconds: 60))
    #expect(sum?.isComplete == false && sum?.parts == 2)
  }
}

extension SensorReport {
  fileprivate var laterOn: SensorReport {
    var report = self
    report.period = .number(1)
    report.received.append(.row("10.9.9.9", "another", packets: 1))
    return report
  }
}
