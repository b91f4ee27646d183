import Model
import Testing
import Traffic

/// Expected values are worked out by hand.
@Suite struct PeriodLineTests {
  private static let second: Int64 = 1_000_000_000

  /// Periods of 30 s, of which the n-th has packets[n]; nil: nothing is held. `now` is seconds after 1970.
  private func line(
    _ packets: [UInt64?], now: Int64, expected: [String] = ["a1"], awaited: [Period: [String]] = [:]
  ) -> PeriodLine {
    let closed = packets.enumerated().compactMap { index, packets in
      packets.map { GlobalPeriod.talk(.number(Int64(index)), packets: $0, expected: expected) }
    }
    return PeriodLine(
      closed: closed, awaited: awaited, length: 30 * Self.second, grace: 5 * Self.second,
      now: .init(nanoseconds: now * Self.second))
  }

  private func statistics(_ line: PeriodLine, _ query: TrafficQuery) throws -> TrafficStatistics {
    guard case .answered(let statistics) = try line.answer(query) else {
      Issue.record("\(try line.answer(query))")
      throw CancellationError()
    }
    return statistics
  }

  private func refusal(_ line: PeriodLine, _ query: TrafficQuery) throws -> TrafficAnswer.Refusal {
    guard case .handedBack(let refusal) = try line.answer(query) else {
      Issue.record("\(try line.answer(query))")
      throw CancellationError()
    }
    return refusal
  }

  private func packets(_ statistics: TrafficStatistics) -> [Double] {
    switch statistics.content {
    case .periods(let periods): periods.map { $0.rows.reduce(0) { $0 + $1.packets } }
    case .mean(let rows): rows.map(\.packets)
    }
  }

  private func interval(_ start: Int64, _ end: Int64) -> TrafficQuery.Span {
    .interval(start: .init(nanoseconds: start * Self.second), end: .init(nanoseconds: end * Self.second))
  }

  @Test func theLastPeriodsInDetail() throws {
    let answer = try statistics(line([10, 20, 30, 40], now: 121), TrafficQuery(span: .last(2)))
    #expect(packets(answer) == [30, 40])
    #expect(answer.isExact)
    #expect(answer.start.seconds == 60)
    #expect(answer.end.seconds == 120)
    #expect(answer.gaps == [])
  }

  @Test func fewerAreHeldThanAskedFor() throws {
    let answer = try statistics(line([nil, nil, 30, 40], now: 121), TrafficQuery(span: .last(.max), answer: .mean))
    #expect(packets(answer) == [35])
    #expect(answer.start.seconds == 60)
    #expect(answer.gaps == [])
    // The first period ever.
    #expect(packets(try statistics(line([8], now: 31), TrafficQuery(span: .last(1)))) == [8])
  }

  @Test func aMeanIsOverThePeriodsOfTheSpan() throws {
    // A pair without a row in a period counts 0 there: (30 + 0 + 60) / 3.
    let answer = try statistics(line([30, 0, 60], now: 95), TrafficQuery(span: .last(3), answer: .mean))
    guard case .mean(let rows) = answer.content else { return }
    #expect(rows.count == 1)
    #expect(abs(rows[0].packets - 30) < 1e-12)
    #expect(abs(rows[0].ipBytes - 2580) < 1e-9)
    #expect(abs(rows[0].frameBytes - 3000) < 1e-9)
    #expect(abs((rows[0].sentPackets ?? 0) - 30) < 1e-12)
    // Of 9 turns in all periods, all with full shares.
    #expect(abs(rows[0].waits - 3) < 1e-12)
  }

  @Test func gapsAreLeftOutAndListed() throws {
    let answer = try statistics(line([10, nil, 30], now: 95), TrafficQuery(span: .last(3), answer: .mean))
    #expect(packets(answer) == [20])
    #expect(answer.gaps.map(\.seconds) == [30])
    #expect(!answer.isExact)
    let all = try refusal(line([10, nil, nil], now: 95), TrafficQuery(span: interval(30, 90)))
    #expect(all.availableAt == nil)
    // Before the first that is held there are gaps too, if they are asked for.
    let early = try statistics(line([nil, nil, 30], now: 95), TrafficQuery(span: interval(0, 90)))
    #expect(early.gaps.map(\.seconds) == [0, 30])
  }

  @Test func hostsThatAreMissingAreListed() throws {
    let answer = try statistics(
      line([10], now: 36, expected: ["a1", "b1"]), TrafficQuery(span: .last(1), answer: .mean))
    #expect(!answer.isExact)
    #expect(answer.missingHosts == ["b1"])
    let partial = GlobalPeriod.talk(.number(0), packets: 1, incomplete: "began within the period")
    let held = PeriodLine(
      closed: [partial], length: 30 * Self.second, grace: 0, now: .init(nanoseconds: 40 * Self.second))
    let said = try statistics(held, TrafficQuery(span: .last(1)))
    #expect(!said.isExact)
    #expect(said.missingHosts == ["a1"])
    // What it did count stands.
    #expect(packets(said) == [1])
  }

  @Test func spansSnapToPeriods() throws {
    let held = line([10, 20, 30], now: 95)
    #expect(packets(try statistics(held, TrafficQuery(span: interval(29, 31)))) == [10, 20])
    #expect(packets(try statistics(held, TrafficQuery(span: interval(30, 60)))) == [20])
    // No length: the period that contains it.
    #expect(packets(try statistics(held, TrafficQuery(span: interval(30, 30)))) == [20])
    #expect(packets(try statistics(held, TrafficQuery(span: interval(59, 59)))) == [20])
  }

  @Test func weightsGrowBackwardsInTime() throws {
    // (10·1 + 20·2 + 30·4) / 7
    let held = line([10, 20, 30], now: 95)
    let doubled = try statistics(held, TrafficQuery(span: .last(3), answer: .coefficient(2)))
    #expect(abs(packets(doubled)[0] - 170.0 / 7) < 1e-12)
    // (10·1 + 20·0.5 + 30·0.25) / 1.75
    let halved = try statistics(held, TrafficQuery(span: .last(3), answer: .coefficient(0.5)))
    #expect(abs(packets(halved)[0] - 27.5 / 1.75) < 1e-12)
    let equal = try statistics(held, TrafficQuery(span: .last(3), answer: .coefficient(1)))
    #expect(abs(packets(equal)[0] - 20) < 1e-12)
    // (10·1 + 20·1 + 30·2) / 4
    #expect(packets(try statistics(held, TrafficQuery(span: .last(3), answer: .weights([1, 1, 2])))) == [22.5])
    // A gap keeps its place: (10·1 + 30·4) / 5 and (10·1 + 30·3) / 4.
    let gap = line([10, nil, 30], now: 95)
    let four = try statistics(gap, TrafficQuery(span: .last(3), answer: .coefficient(2)))
    #expect(abs(packets(four)[0] - 26) < 1e-12)
    let three = try statistics(gap, TrafficQuery(span: .last(3), answer: .weights([1, 5, 3])))
    #expect(abs(packets(three)[0] - 25) < 1e-12)
    // Of fewer than were asked for, the newest have their weights: (10·1 + 20·4) / 5.
    let two = try statistics(line([10, 20], now: 65), TrafficQuery(span: .last(3), answer: .weights([7, 1, 4])))
    #expect(abs(packets(two)[0] - 18) < 1e-12)
  }

  @Test func hugePowersDoNotOverflow() throws {
    let many = line(Array(repeating: 10, count: 5000), now: 150_001)
    for coefficient: Double in [1e300, 1e-300, 2, 0.5, 1.000001, .leastNonzeroMagnitude] {
      let answer = try statistics(many, TrafficQuery(span: .last(5000), answer: .coefficient(coefficient)))
      #expect(abs(packets(answer)[0] - 10) < 1e-9)
    }
    // All that is held is at the end of a long span: the oldest of it weighs 1.
    let late = line(Array(repeating: nil, count: 5000) + [10, 30], now: 150_061)
    let answer = try statistics(late, TrafficQuery(span: interval(0, 150_060), answer: .coefficient(0.5)))
    #expect(abs(packets(answer)[0] - (10 + 15) / 1.5) < 1e-12)
    let huge = try statistics(
      line([10, 30], now: 65), TrafficQuery(span: .last(2), answer: .weights([1e308, 1e308])))
    #expect(packets(huge) == [20])
  }

  @Test func whatCannotBeMeantIsSaid() {
    let held = line([10, 20], now: 65)
    let wrong = [
      TrafficQuery(span: .last(0)), TrafficQuery(span: interval(60, 30)),
      TrafficQuery(span: .last(2), answer: .coefficient(0)), TrafficQuery(span: .last(2), answer: .coefficient(.nan)),
      TrafficQuery(span: .last(2), answer: .coefficient(.infinity)),
      TrafficQuery(span: .last(2), answer: .coefficient(-1)), TrafficQuery(span: .last(2), answer: .weights([0, 0])),
      TrafficQuery(span: .last(2), answer: .weights([1])), TrafficQuery(span: .last(2), answer: .weights([1, -1])),
      TrafficQuery(span: interval(0, 60), answer: .weights([1, 2, 3])),
    ]
    for query in wrong { #expect(throws: TrafficQueryError.self) { try held.answer(query) } }
  }

  @Test func spansBeyondAllMeasureAreRefused() throws {
    let held = line([10, 20], now: 65)
    for span in [interval(0, 1_000_000), interval(-9_000_000_000, 9_000_000_000)] {
      #expect(throws: TrafficQueryError.self) { try held.answer(TrafficQuery(span: span)) }
    }
    let edge = TrafficQuery.Span.interval(start: .init(nanoseconds: .max), end: .init(nanoseconds: .max))
    #expect(try refusal(held, TrafficQuery(span: edge)).reason.contains("future"))
    let dawn = TrafficQuery.Span.interval(start: .init(nanoseconds: .min), end: .init(nanoseconds: .min))
    _ = try held.answer(TrafficQuery(span: dawn))
    #expect(try refusal(line([], now: 65), TrafficQuery(span: .last(1))).availableAt?.seconds == 95)
  }

  @Test func aPeriodThatIsNotClosedIsHandedBack() throws {
    // It ended at 90, its hosts have until 95.
    let held = line([10, 20], now: 92, awaited: [.number(2): ["b1"]])
    let refused = try refusal(held, TrafficQuery(span: .last(2)))
    #expect(refused.availableAt?.seconds == 95)
    #expect(refused.missingHosts == ["b1"])
    // The running one, too.
    #expect(try refusal(line([10, 20], now: 65), TrafficQuery(span: interval(30, 65))).availableAt?.seconds == 95)
  }

  @Test func aMissingPeriodIsTakenFromTheOneBefore() throws {
    let held = line([10, 20], now: 92)
    let answer = try statistics(held, TrafficQuery(span: .last(2), answer: .mean, isApproximate: true))
    #expect(packets(answer) == [20])
    #expect(!answer.isExact)
    #expect(answer.approximation?.start.seconds == 60)
    #expect(answer.approximation?.end.seconds == 90)
    #expect(answer.approximation?.from.seconds == 30)
    // Also where the one before isn't in the span; the running one after it is like it, too.
    let detail = try statistics(held, TrafficQuery(span: interval(60, 92), isApproximate: true))
    #expect(packets(detail) == [20, 20])
    #expect(detail.approximation?.end.seconds == 120)
    guard case .periods(let periods) = detail.content else { return }
    #expect(periods.allSatisfy { !$0.isComplete })
    // Nothing to approximate.
    #expect(try statistics(held, TrafficQuery(span: interval(0, 60), isApproximate: true)).isExact)
  }

  @Test func withNoneBeforeAnApproximationIsHandedBack() throws {
    // A period is there, but not the one right before.
    let gap = line([10, nil], now: 92)
    #expect(try refusal(gap, TrafficQuery(span: .last(1), isApproximate: true)).availableAt?.seconds == 95)
    let first = line([], now: 32, awaited: [.number(0): ["a1"]])
    #expect(try refusal(first, TrafficQuery(span: .last(1), isApproximate: true)).availableAt?.seconds == 35)
    // What hasn't begun is not like anything.
    let future = try refusal(line([10, 20], now: 65), TrafficQuery(span: interval(0, 125), isApproximate: true))
    #expect(future.reason.contains("future"))
    #expect(future.availableAt?.seconds == 155)
  }

  @Test func otherLengthsAreScaled() throws {
    // One period of 60 s, then the length is 30 s.
    let long = GlobalPeriod.talk(.number(0, seconds: 60), packets: 40)
    let short = GlobalPeriod.talk(.number(2), packets: 30)
    var held = PeriodLine(
      closed: [short, long], length: 30 * Self.second, grace: 5 * Self.second,
      now: .init(nanoseconds: 95 * Self.second))
    // (40/2 + 30) / 2
    #expect(packets(try statistics(held, TrafficQuery(span: .last(2), answer: .mean))) == [25])
    #expect(packets(try statistics(held, TrafficQuery(span: .last(2)))) == [40, 30])
    held.closed = [long]
    held.now = .init(nanoseconds: 92 * Self.second)
    let copied = try statistics(held, TrafficQuery(span: interval(60, 90), isApproximate: true))
    #expect(packets(copied) == [20])
  }

  /// Handed back would say that it may be asked again.
  @Test func aSpanOfTooManyPeriodsIsAnError() throws {
    let held = line([10, 20], now: 65)
    #expect(packets(try statistics(held, TrafficQuery(span: interval(0, 59)))) == [10, 20])
    let error = #expect(throws: TrafficQueryError.self) {
      try held.answer(TrafficQuery(span: interval(0, 30 * 20_001)))
    }
    #expect(error?.description == "the span has more than 20,000 periods: ask for its parts")
  }

  @Test func anApplicationsVMsOnly() throws {
    let held = line([10, 20], now: 65)
    let some = try statistics(held, TrafficQuery(span: .last(2), endpoints: [.name("vm2"), .name("vm9")]))
    #expect(packets(some) == [10, 20])
    #expect(packets(try statistics(held, TrafficQuery(span: .last(2), endpoints: [.name("vm9")]))) == [0, 0])
  }

  @Test func aMatrixOfPeriods() {
    let periods = [GlobalPeriod.talk(.number(0), packets: 10), .talk(.number(1), packets: 30)]
    let sum = TrafficMatrix(periods: periods)
    #expect(sum.windowSeconds == 60)
    #expect(sum.rows.map(\.packets) == [40])
    // Weights 1 and 3 are 0.5 and 1.5 of two periods: 5 + 45 packets in 60 s.
    let weighed = TrafficMatrix(periods: periods, weights: [1, 3])
    #expect(abs((weighed.windowSeconds ?? 0) - 60) < 1e-9)
    #expect(weighed.rows.count == 1)
    #expect(abs(weighed.rows[0].packets - 50) < 1e-9)
    #expect(TrafficMatrix(periods: periods, weights: [0, 0]).rows.isEmpty)
  }
}
