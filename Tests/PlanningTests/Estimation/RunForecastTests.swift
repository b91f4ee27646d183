import Model
import Planning
import Testing

/// What remains of a run, by each source, with figures worked out by hand. It began at 00:00, and it is 04:00.
@Suite struct RunForecastTests {
  private static let start = Timestamp("2026-11-25T00:00:00Z")
  private static let vms = [VM(name: "x", addresses: [IPAddress(v4: 0x0a00_0001)]), VM(name: "y")]
  /// 100 packets a second between x and y, over 10 s, and as many with a file server.
  private static let matrix = TrafficMatrix(
    rows: [
      .init(source: .address(IPAddress(v4: 0x0a00_0001)), destination: .name("y"), packets: 400),
      .init(source: .name("y"), destination: .name("x"), packets: 600),
      .init(source: .name("nfs"), destination: .name("x"), packets: 1000),
    ], hasWaits: false)

  private func forecast(
    hours remaining: Double? = nil, _ run: Run? = nil, after hours: Double = 4, isRunning: Bool = true
  ) throws -> RunForecast {
    let start = try #require(Self.start)
    return RunForecast(
      of: Application(name: "t", remainingHours: remaining, run: run, vms: Self.vms), traffic: Self.matrix,
      windowSeconds: 10, now: start.advanced(bySeconds: hours * 3600), isRunning: isRunning)
  }

  @Test func aServiceHasNoEnd() throws {
    let forecast = try forecast()
    #expect(forecast.chosen == nil && forecast.others.isEmpty && forecast.remarks.isEmpty)
  }

  @Test func whatIsStatedStands() throws {
    let forecast = try forecast(hours: 10)
    #expect(forecast.chosen == RemainingRun(source: .stated, seconds: 36_000, basis: "as stated"))
    #expect(forecast.chosen?.words == "10 h" && forecast.remarks.isEmpty)
  }

  /// Ten hours, of which three pass unseen, then all and more.
  @Test func timeGoesOnUnseen() throws {
    let forecast = try forecast(hours: 10)
    #expect(forecast.later(by: 3 * 3600).chosen?.words == "7 h")
    #expect(forecast.later(by: 11 * 3600).chosen?.seconds == 0)
  }

  /// Stated at 01:00: three hours have passed.
  @Test func whatWasStatedPasses() throws {
    let start = try #require(Self.start)
    let run = Run(seen: Run.Seen(statedAt: start.advanced(bySeconds: 3600)))
    #expect(try forecast(hours: 10, run).chosen?.seconds == 7 * 3600)
    #expect(try forecast(hours: 10, run).chosen?.basis == "10 h as stated, 3 h ago")
    // Of a run that hasn't begun nothing passes.
    #expect(try forecast(hours: 10, run, isRunning: false).chosen?.seconds == 36_000)
    let outlived = try forecast(hours: 2, run)
    // Three hours old: as likely as not three more.
    #expect(outlived.chosen?.source == .age && outlived.chosen?.seconds == 3 * 3600)
    #expect(outlived.remarks == ["it has outlived what was stated: 2 h as stated, 3 h ago"])
  }

  /// 9, 10 and 11 h: 10 on average, with a deviation of 1; of one more run √(1 + 1/3).
  @Test func earlierRuns() throws {
    let run = Run(started: Self.start, earlierHours: [9, 10, 11])
    let first = try #require(try forecast(run).chosen)
    #expect(first.source == .earlierRuns && first.seconds == 6 * 3600)
    #expect(abs((first.errorSeconds ?? 0) - 3600 * 1.154_700_538) < 1e-3)
    #expect(first.words == "6 h ± 69.3 min" && first.basis == "3 earlier runs (10 h), 4 h of it gone")
    // After 9.5 h those of 10 and 11 tell: 10.5 h, with a deviation of √0.5, times √1.5.
    let late = try #require(try forecast(run, after: 9.5).chosen)
    #expect(late.seconds == 3600 && abs((late.errorSeconds ?? 0) - 3600 * 0.866_025_404) < 1e-3)
    #expect(late.basis == "the 2 of 3 earlier runs that took longer (10.5 h), 9.5 h of it gone")
    // One alone says nothing of how they differ.
    #expect(try forecast(run, after: 10.5).chosen?.errorSeconds == nil)
    // It has outlived them all.
    let old = try forecast(run, after: 12)
    #expect(old.chosen?.source == .age && old.chosen?.seconds == 12 * 3600)
    #expect(old.remarks == ["it has gone on for 12 h, longer than all 3 earlier runs"])
    // A first placement has the whole before it.
    #expect(try forecast(run, isRunning: false).chosen?.seconds == 36_000)
  }

  @Test func earlierRunsSayNothingOfOneThatBeganSometime() throws {
    let forecast = try forecast(Run(earlierHours: [10]))
    #expect(forecast.chosen == nil)
    #expect(
      forecast.remarks == [
        "run.earlierHours isn't used: run.started doesn't say how long this run has gone on",
        "when it ends isn't known: it is judged over 24 h, as a service",
      ])
  }

  /// 600,000 are left, at 100 a second.
  @Test func messages() throws {
    let counted = try #require(try forecast(Run(totalMessages: 1e6, sentMessages: 4e5)).chosen)
    #expect(counted.source == .messages && counted.seconds == 6000 && counted.errorSeconds == nil)
    #expect(counted.basis == "400,000 of 1,000,000 messages sent, 100 a second")
    // Not counted: 14,400 s at 100 a second are 1,440,000, of 2,000,000.
    let guessed = try #require(try forecast(Run(started: Self.start, totalMessages: 2e6)).chosen)
    #expect(guessed.seconds == 5600)
    // A first placement has sent nothing.
    #expect(try forecast(Run(totalMessages: 1e6, sentMessages: 4e5), isRunning: false).chosen?.seconds == 10_000)
    let over = try forecast(Run(totalMessages: 1e6, sentMessages: 2e6))
    #expect(over.chosen == nil)
    #expect(over.remarks.first == "it has sent 2,000,000 of 1,000,000 messages, and goes on")
  }

  /// Periods of 10 s with 90 and 110 a second: 100 with a deviation of √200. 6,000 s are 600 such periods, and so the
  /// error 6,000 · √200/100 · √(1/2 + 1/600); 1,000 messages that were guessed are 10 s more, in quadrature.
  @Test func messagesWithTheirError() throws {
    let start = try #require(Self.start)
    var seen = Run.Seen(statedAt: start, rates: [90, 110], periodSeconds: 10)
    let first = try #require(try forecast(Run(totalMessages: 1e6, sentMessages: 4e5, seen: seen)).chosen)
    #expect(first.seconds == 6000 && abs((first.errorSeconds ?? 0) - 600.999_168) < 1e-3)
    seen.guessedMessages = 1000
    let second = try #require(try forecast(Run(totalMessages: 1e6, sentMessages: 4e5, seen: seen)).chosen)
    #expect(abs((second.errorSeconds ?? 0) - 601.082_357) < 1e-3)
  }

  @Test func theSurestSourceIsChosen() throws {
    let start = try #require(Self.start)
    // By earlier runs 6 h ± 69 min; by messages 6,000 s ± 601 s.
    let run = Run(
      started: start, earlierHours: [9, 10, 11], totalMessages: 1e6, sentMessages: 4e5,
      seen: Run.Seen(statedAt: start, rates: [90, 110], periodSeconds: 10))
    let forecast = try forecast(run)
    #expect(forecast.chosen?.source == .messages && forecast.others.map(\.source) == [.earlierRuns])
    // What is stated goes before both, and is contradicted: 20 h less 4 h are 16, and neither says more than 9.
    let stated = try self.forecast(hours: 20, run)
    #expect(stated.chosen?.seconds == 16 * 3600 && stated.others.map(\.source) == [.messages, .earlierRuns])
    #expect(stated.remarks.count == 2)
    #expect(stated.remarks[0].hasPrefix("stated are 16 h until it ends, but it is 100 min ± 10 min by 400,000 of"))
  }

  @Test func theJobEndsTheRun() throws {
    let start = try #require(Self.start)
    let alone = try forecast(Run(jobEnds: start.advanced(bySeconds: 6 * 3600)))
    #expect(alone.chosen?.source == .jobLimit && alone.chosen?.words == "at most 2 h" && alone.remarks.isEmpty)
    let stated = try forecast(hours: 10, Run(jobEnds: start.advanced(bySeconds: 6 * 3600)))
    #expect(stated.chosen?.seconds == 2 * 3600 && stated.others.map(\.source) == [.stated])
    #expect(stated.remarks == ["its job ends in 2 h, before it is done, which takes 10 h (as stated)"])
    let within = try forecast(hours: 1, Run(jobEnds: start.advanced(bySeconds: 6 * 3600)))
    #expect(within.chosen?.source == .stated && within.remarks.isEmpty)
    let over = try forecast(Run(started: start, jobEnds: start.advanced(bySeconds: 3600)))
    #expect(over.chosen?.source == .age && over.remarks == ["its job ended at 2026-11-25T01:00:00Z"])
  }
}
