import Model
import Testing
import Traffic

/// Sums of periods as they are packed, against the simple way.
@Suite struct PackedSumTests {
  /// Some with other endpoints than the others.
  private func periods(_ count: Int, seed: UInt64) -> (packed: [GlobalPeriod], plain: [PlainPeriod]) {
    var made = MadeUpReports(seed: seed)
    let reports = (0..<count).map { number in
      made.reports(of: .number(Int64(number)), vms: number % 5 == 0 ? 9 : 14, rows: 30)
    }
    let packed = reports.enumerated().map { number, reports in
      GlobalPeriod(period: .number(Int64(number)), reports: reports, expectedHosts: [])
    }
    return (packed, reports.map(PlainPeriod.init))
  }

  private func line(_ closed: [GlobalPeriod], sums: PeriodSums = PeriodSums()) -> PeriodLine {
    PeriodLine(
      closed: closed, sums: sums, length: 30_000_000_000, grace: 0,
      now: closed.last?.period.end ?? .init(nanoseconds: 0))
  }

  private func mean(_ line: PeriodLine, _ query: TrafficQuery) throws -> [TrafficStatistics.Row] {
    guard case .answered(let statistics) = try line.answer(query), case .mean(let rows) = statistics.content else {
      Issue.record("\(try line.answer(query))")
      return []
    }
    return rows
  }

  private func isClose(_ left: Double, _ right: Double) -> Bool {
    abs(left - right) <= 1e-9 * max(1, abs(left), abs(right))
  }

  private func expect(
    _ rows: [TrafficStatistics.Row], _ plain: PlainPeriod.Sums, divisor: Double, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(rows.count == plain.rows.count, sourceLocation: sourceLocation)
    #expect(
      zip(rows, rows.dropFirst()).allSatisfy { ($0.source, $0.destination) < ($1.source, $1.destination) },
      sourceLocation: sourceLocation)
    for row in rows {
      let pair = PlainPeriod.Pair(source: row.source, destination: row.destination)
      guard let other = plain.rows[pair] else {
        Issue.record("no row \(pair)", sourceLocation: sourceLocation)
        return
      }
      let isSame =
        isClose(row.packets, other.packets / divisor) && isClose(row.frameBytes, other.frameBytes / divisor)
        && isClose(row.ipBytes, other.ipBytes / divisor) && isClose(row.waits, plain.waits(pair) / divisor)
        && row.bySender == other.bySender && (row.sentPackets == nil) == (other.sentPackets == nil)
        && isClose(row.sentPackets ?? 0, (other.sentPackets ?? 0) / divisor)
      #expect(isSame, "\(row) \(other)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: 1...30 as ClosedRange<UInt64>) func meansAreThoseOfTheSimpleWay(seed: UInt64) throws {
    var made = MadeUpReports(seed: seed ^ 0xffff)
    let (packed, plain) = periods(7, seed: seed)
    var sums = PlainPeriod.Sums()
    for period in plain { sums.add(period, weight: 1) }
    expect(try mean(line(packed), TrafficQuery(span: .last(7), answer: .mean)), sums, divisor: 7)

    let some = made.endpoints(14)
    var chosen = PlainPeriod.Sums()
    for period in plain { chosen.add(period, weight: 1, touching: some) }
    expect(
      try mean(line(packed), TrafficQuery(span: .last(7), answer: .mean, endpoints: some)), chosen, divisor: 7)

    let weights = (0..<6).map { _ in made.weight() } + [1]
    var weighed = PlainPeriod.Sums()
    for (period, weight) in zip(plain, weights) where weight > 0 { weighed.add(period, weight: weight) }
    expect(
      try mean(line(packed), TrafficQuery(span: .last(7), answer: .weights(weights))), weighed,
      divisor: weights.reduce(0, +))
  }

  /// Periods in a row that share a table have the same pairs, then others, then those of before again.
  /// The last of them in several chunks.
  @Test(arguments: 1...10 as ClosedRange<UInt64>) func samePairsInARow(seed: UInt64) throws {
    var made = MadeUpReports(seed: seed)
    let (vms, rows) = seed < 10 ? (14, 60) : (60, 1800)
    let kinds = (0..<2).map { _ in made.reports(of: .number(0), vms: vms, rows: rows) }
    var packed: [GlobalPeriod] = []
    var plain: [PlainPeriod] = []
    for (number, kind) in [0, 0, 1, 0, 0, 1, 1].enumerated() {
      let reports = kinds[kind].map { report in
        var report = report
        report.period = .number(Int64(number))
        return report
      }
      var merging = PeriodReports(period: .number(Int64(number)), like: packed.last)
      for report in reports { merging.take(report) }
      packed.append(merging.merged(expectedHosts: []))
      plain.append(PlainPeriod(reports))
    }
    var weights: [Double] = (0..<6).map { _ in made.weight() }
    weights.append(1)
    let some = made.endpoints(14)
    for endpoints in [nil, some] {
      var weighed = PlainPeriod.Sums()
      for (period, weight) in zip(plain, weights) where weight > 0 {
        weighed.add(period, weight: weight, touching: endpoints)
      }
      let query = TrafficQuery(span: .last(7), answer: .weights(weights), endpoints: endpoints)
      expect(try mean(line(packed), query), weighed, divisor: weights.reduce(0, +))
    }
  }

  @Test func sumsThatAreKeptStandForTheirPeriods() throws {
    // 12 … 23 and 24 … 35 are whole, 5 … 11 and 36 … 39 aren't. Then 17 is amended.
    let (packed, plain) = periods(40, seed: 9)
    var closed = Array(packed[5...])
    var sums = PeriodSums()
    sums.complete(closed)
    #expect(sums.byteCount > 0)
    let query = TrafficQuery(span: .last(35), answer: .mean)
    var all = PlainPeriod.Sums()
    for period in plain[5...] { all.add(period, weight: 1) }
    expect(try mean(line(closed, sums: sums), query), all, divisor: 35)
    // A part of a sum.
    var few = PlainPeriod.Sums()
    for period in plain[20...] { few.add(period, weight: 1) }
    expect(try mean(line(closed, sums: sums), TrafficQuery(span: .last(20), answer: .mean)), few, divisor: 20)

    let late = SensorReport.of("h8", period: 17, received: [.row("vm1", "vm2", packets: 7)])
    closed[12] = closed[12].amended(by: [late])
    sums.forget(.number(17))
    let before = try mean(line(packed[5...] + [], sums: sums), query)
    let after = try mean(line(closed, sums: sums), query)
    #expect(before != after)
    sums.complete(closed)
    #expect(try mean(line(closed, sums: sums), query) == after)
    // What isn't held any more isn't answered with.
    sums.complete(Array(closed[20...]))
    #expect(try mean(line(Array(closed[20...]), sums: sums), TrafficQuery(span: .last(15), answer: .mean)).count > 0)
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>) func periodsAreRolledUpExactly(seed: UInt64) throws {
    let (packed, plain) = periods(12, seed: seed)
    let span = Period.number(0, seconds: 360)
    let rolled = try #require(GlobalPeriod(rollingUp: packed, into: span))
    #expect(rolled.isRolledUp)
    #expect(rolled.parts == 12)
    #expect(try GlobalPeriod(packed: rolled.packed) == rolled)
    var sums = PlainPeriod.Sums()
    for period in plain { sums.add(period, weight: 1) }
    expect(try mean(line([rolled]), TrafficQuery(span: .last(1), answer: .mean)), sums, divisor: 12)
    for row in rolled.rows {
      let pair = PlainPeriod.Pair(source: row.source, destination: row.destination)
      #expect(row.counts.packets == plain.reduce(0) { $0 &+ ($1.rows[pair]?.counts.packets ?? 0) })
      #expect(row.counts.lag == plain.reduce(0) { $0 &+ ($1.rows[pair]?.counts.lag ?? 0) })
      #expect(row.counts.rounds == plain.reduce(0) { $0 &+ ($1.rows[pair]?.counts.rounds ?? 0) })
    }
    // In two steps, as in one.
    let halves = [packed[..<6], packed[6...]].enumerated().compactMap { index, half in
      GlobalPeriod(rollingUp: Array(half), into: .number(Int64(index), seconds: 180))
    }
    #expect(GlobalPeriod(rollingUp: halves, into: span) == rolled)
  }

  @Test func aRolledUpPeriodAnswersForItsParts() throws {
    // 10, 20 and 30 in a minute and a half, then 60.
    let parts = [10, 20, 30].enumerated().map { GlobalPeriod.talk(.number(Int64($0)), packets: $1) }
    let rolled = try #require(GlobalPeriod(rollingUp: parts, into: .number(0, seconds: 90)))
    #expect(rolled.isComplete)
    let both = line([rolled, .talk(.number(3), packets: 60)])
    // (10 + 20 + 30 + 60) / 4
    let query = TrafficQuery(span: .last(2), answer: .mean)
    #expect(try mean(both, query).map(\.packets) == [30])
    guard case .answered(let detail) = try both.answer(TrafficQuery(span: .last(2))),
      case .periods(let periods) = detail.content
    else { return }
    #expect(periods.map { $0.rows.map(\.packets) } == [[60], [60]])
    #expect(periods.map(\.parts) == [3, 1])
    #expect(periods.map(\.period.seconds) == [90, 30])
    #expect(detail.rolledUpUntil == Period.number(3).start)
    guard case .handedBack(let refusal) = try both.answer(TrafficQuery(span: .last(2), answer: .coefficient(2))) else {
      Issue.record("answered")
      return
    }
    #expect(refusal.reason.contains("rolled up"))
    #expect(try mean(both, TrafficQuery(span: .last(1), answer: .coefficient(2))).map(\.packets) == [60])
    // Two of three were there: (10 + 30 + 60) / 3, and it isn't exact.
    let gap = try #require(GlobalPeriod(rollingUp: [parts[0], parts[2]], into: .number(0, seconds: 90)))
    #expect(!gap.isComplete)
    let partly = line([gap, .talk(.number(3), packets: 60)])
    #expect(abs(try mean(partly, query)[0].packets - 100.0 / 3) < 1e-12)
    // Lengths that differ can't be added up, nor what is outside.
    #expect(GlobalPeriod(rollingUp: [.talk(.number(0, seconds: 60), packets: 1), parts[2]], into: .number(0, seconds: 90)) == nil)
    #expect(GlobalPeriod(rollingUp: parts, into: .number(0, seconds: 60)) == nil)
    #expect(GlobalPeriod(rollingUp: [], into: .number(0, seconds: 60)) == nil)
  }
}
