import Model
import Testing
import Traffic

/// Each answer of docs/queries.md, whose derivations are repeated here.
@Suite struct QueryExampleTests {
  private func statistics(_ query: TrafficQuery, holding held: [Int] = [0, 1, 2]) throws -> TrafficStatistics {
    let answer = try QueryExample.line(holding: held).answer(query)
    guard case .answered(let statistics) = answer else {
      Issue.record("\(answer)")
      throw CancellationError()
    }
    return statistics
  }

  private func refusal(_ query: TrafficQuery, holding held: [Int] = [0, 1, 2]) throws -> TrafficAnswer.Refusal {
    let answer = try QueryExample.line(holding: held).answer(query)
    guard case .handedBack(let refusal) = answer else {
      Issue.record("\(answer)")
      throw CancellationError()
    }
    return refusal
  }

  /// Packets of the rows of a mean, by `source→destination`.
  private func mean(_ query: TrafficQuery, holding held: [Int] = [0, 1, 2]) throws -> [String: Double] {
    guard case .mean(let rows) = try statistics(query, holding: held).content else { return [:] }
    return packets(rows)
  }

  private func packets(_ rows: [TrafficStatistics.Row]) -> [String: Double] {
    Dictionary(rows.map { ("\($0.source)→\($0.destination)", $0.packets) }, uniquingKeysWith: { $0 + $1 })
  }

  private func detail(_ query: TrafficQuery) throws -> [[String: Double]] {
    guard case .periods(let periods) = try statistics(query).content else { return [] }
    return periods.map { packets($0.rows) }
  }

  private func expect(
    _ found: [String: Double], _ wanted: [String: Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(Set(found.keys) == Set(wanted.keys), sourceLocation: sourceLocation)
    for (pair, packets) in wanted {
      #expect(abs((found[pair] ?? .nan) - packets) < 1e-9, "\(pair)", sourceLocation: sourceLocation)
    }
  }

  private func span(_ start: String, _ end: String) -> TrafficQuery.Span {
    .interval(start: time(start), end: time(end))
  }

  private func time(_ text: String) -> Timestamp { Timestamp("2026-11-24T\(text)Z") ?? .init(nanoseconds: 0) }

  // MARK: - Answers

  @Test func detailIsWhatWasCounted() throws {
    let answer = try statistics(TrafficQuery(span: .last(3)))
    #expect(!answer.isExact)
    #expect(answer.missingHosts == ["b1"])
    #expect((answer.start, answer.end) == (time("15:46:00"), time("15:47:30")))
    guard case .periods(let periods) = answer.content else { return }
    #expect(periods.map(\.isComplete) == [true, true, false])
    #expect(packets(periods[0].rows) == ["vm1→vm2": 40, "vm1→vm3": 10, "vm2→vm1": 20])
    #expect(packets(periods[1].rows) == ["vm1→vm2": 60, "vm2→vm1": 30, "vm3→vm1": 9])
    #expect(packets(periods[2].rows) == ["vm1→vm2": 110, "vm1→vm3": 17, "vm2→vm1": 40])
    #expect(periods[1].rows[0].sentPackets == 62)
    #expect(periods[2].rows.map(\.bySender) == [false, true, false])
  }

  @Test func meansAndWeights() throws {
    // (40 + 60 + 110) / 3 and so on; a pair without a row counts 0.
    expect(
      try mean(TrafficQuery(span: .last(3), answer: .mean)),
      ["vm1→vm2": 70, "vm2→vm1": 30, "vm1→vm3": 9, "vm3→vm1": 3])
    // Weights 1, 2, 4 of 7: (40 + 120 + 440) / 7.
    expect(
      try mean(TrafficQuery(span: .last(3), answer: .coefficient(2))),
      ["vm1→vm2": 600.0 / 7, "vm2→vm1": 240.0 / 7, "vm1→vm3": 78.0 / 7, "vm3→vm1": 18.0 / 7])
    // Weights 1, ½, ¼ of 1¾: (40 + 30 + 27.5) / 1.75.
    expect(
      try mean(TrafficQuery(span: .last(3), answer: .coefficient(0.5))),
      ["vm1→vm2": 97.5 / 1.75, "vm2→vm1": 45 / 1.75, "vm1→vm3": 14.25 / 1.75, "vm3→vm1": 4.5 / 1.75])
    // (40·1 + 60·1 + 110·2) / 4
    expect(
      try mean(TrafficQuery(span: .last(3), answer: .weights([1, 1, 2]))),
      ["vm1→vm2": 80, "vm2→vm1": 32.5, "vm1→vm3": 11, "vm3→vm1": 2.25])
    // Powers that no double holds: i²: i: 1 is 1 : 10⁻³⁰⁸ : 0, the newest is all.
    expect(
      try mean(TrafficQuery(span: .last(3), answer: .coefficient(1e308))),
      ["vm1→vm2": 110, "vm2→vm1": 40, "vm1→vm3": 17, "vm3→vm1": 9e-308])
  }

  @Test func whatWasSentIsAMeanToo() throws {
    guard case .mean(let rows) = try statistics(TrafficQuery(span: .last(3), answer: .mean)).content else { return }
    // (40 + 62 + 110) / 3; of the third period's vm1 → vm3 only what was sent is known.
    #expect(rows.map { "\($0.source)→\($0.destination)" } == ["vm1→vm2", "vm1→vm3", "vm2→vm1", "vm3→vm1"])
    #expect(abs((rows[0].sentPackets ?? 0) - 212.0 / 3) < 1e-9)
    #expect(rows.map(\.bySender) == [false, true, false, false])
  }

  // MARK: - Places

  @Test func betweenHosts() throws {
    let periods = try detail(TrafficQuery(span: .last(3), grouping: .hosts))
    #expect(periods[0] == ["a1→a2": 40, "a1→b1": 10, "a2→a1": 20])
    #expect(periods[1] == ["a1→a2": 60, "a2→a1": 30, "b1→a1": 9])
    // vm2 was at a1 and at a2: half of 110 and of 40 is a1's own. Where vm3 was b1 didn't say.
    #expect(periods[2] == ["a1→a1": 75, "a1→a2": 55, "a2→a1": 20, "a1→vm3": 17])
    expect(
      try mean(TrafficQuery(span: .last(3), answer: .mean, grouping: .hosts)),
      ["a1→a1": 25, "a1→a2": 155.0 / 3, "a2→a1": 70.0 / 3, "a1→b1": 10.0 / 3, "a1→vm3": 17.0 / 3, "b1→a1": 3])
  }

  /// In the first two periods nobody moves.
  @Test func betweenHostsWhereAllStay() throws {
    let two = span("15:46:00", "15:47:00")
    expect(
      try mean(TrafficQuery(span: two, answer: .mean, grouping: .hosts)),
      ["a1→a2": 50, "a2→a1": 25, "a1→b1": 5, "b1→a1": 4.5])
    // (1·40 + 3·60) / 4 and so on; of b1 only what it had to do with.
    let weighed = TrafficQuery.Answer.weights([1, 3])
    expect(
      try mean(TrafficQuery(span: two, answer: weighed, grouping: QueryExample.sites)),
      ["a→a": (60 + 3 * 90) / 4.0, "a→b": 2.5, "b→a": 6.75])
    expect(
      try mean(TrafficQuery(span: two, answer: weighed, places: .init(hosts: ["b1"]), grouping: .hosts)),
      ["a1→b1": 2.5, "b1→a1": 6.75])
  }

  @Test func betweenSitesAndApplications() throws {
    // Within a: (60 + 90 + 150) / 3. Both of vm2's hosts are in a.
    expect(
      try mean(TrafficQuery(span: .last(3), answer: .mean, grouping: QueryExample.sites)),
      ["a→a": 100, "a→b": 10.0 / 3, "a→vm3": 17.0 / 3, "b→a": 3])
    expect(
      try mean(TrafficQuery(span: .last(3), answer: .mean, grouping: QueryExample.applications)),
      ["cg→cg": 100, "cg→vm3": 9, "vm3→cg": 3])
    // What is told apart or together, sums are the same: 336 packets in all.
    let groupings: [TrafficQuery.Grouping] = [.asCounted, .hosts, QueryExample.sites, QueryExample.applications]
    for grouping in groupings {
      let all = try mean(TrafficQuery(span: .last(3), answer: .mean, grouping: grouping))
      #expect(abs(all.values.reduce(0, +) - 336.0 / 3) < 1e-9)
    }
    // What no host has as a VM is at the site that an application says.
    let fixed: TrafficQuery.Grouping = .sites(ofHosts: [:], ofEndpoints: [.name("vm3"): "b"])
    let some = try detail(TrafficQuery(span: .last(3), grouping: fixed))
    #expect(some[2] == ["vm1→vm2": 110, "vm1→b": 17, "vm2→vm1": 40])
  }

  @Test func groupedRowsHaveAllColumns() throws {
    let answer = try statistics(TrafficQuery(span: .last(1), grouping: QueryExample.sites))
    guard case .periods(let periods) = answer.content, let row = periods[0].rows.first else { return }
    // a → a in the third period: 110 + 40 packets, all of them sent.
    #expect((row.source, row.destination) == (.name("a"), .name("a")))
    #expect((row.packets, row.ipBytes, row.frameBytes) == (150, 15_000, 17_100))
    #expect(row.sentPackets == 150)
    #expect(!row.bySender)
    #expect(periods[0].rows.map(\.bySender) == [false, true])
  }

  @Test func onlyOfSomeVMsHostsOrSites() throws {
    func only(
      _ places: TrafficQuery.Places, of members: Set<Endpoint>? = nil, grouping: TrafficQuery.Grouping = .asCounted
    ) throws -> [String: Double] {
      try mean(
        TrafficQuery(span: .last(3), answer: .mean, endpoints: members, places: places, grouping: grouping))
    }
    expect(try only(.init(endpoints: [.name("vm3")])), ["vm1→vm3": 9, "vm3→vm1": 3])
    // vm2 was at a2 in each period, in the third one for a part of it.
    expect(try only(.init(hosts: ["a2"])), ["vm1→vm2": 70, "vm2→vm1": 30])
    // b1 has not said who was there in the third period.
    expect(try only(.init(hosts: ["b1"])), ["vm1→vm3": 10.0 / 3, "vm3→vm1": 3])
    expect(try only(.init(hosts: ["b1"]), grouping: QueryExample.sites), ["a→b": 10.0 / 3, "b→a": 3])
    // Any of several.
    expect(
      try only(.init(endpoints: [.name("vm3")], hosts: ["a2"])),
      ["vm1→vm2": 70, "vm2→vm1": 30, "vm1→vm3": 9, "vm3→vm1": 3])
    // Of an application, those that are there.
    let cg: Set<Endpoint> = [.name("vm1"), .name("vm2")]
    expect(try only(.init(hosts: ["a2"]), of: cg), ["vm1→vm2": 70, "vm2→vm1": 30])
    expect(try only(.init(hosts: ["b1"]), of: cg), [:])
    expect(try only(.init(), of: cg), [:])
  }

  @Test func whoIsNowhereIsTold() throws {
    let places = TrafficQuery.Places(endpoints: [.name("vm1"), .name("vm9")], hosts: ["b1", "c1"])
    #expect(try statistics(TrafficQuery(span: .last(3), places: places)).unseen == ["c1", "vm9"])
    #expect(try statistics(TrafficQuery(span: .last(3))).unseen == [])
  }

  // MARK: - Spans

  @Test func spansOfTime() throws {
    func periods(_ span: TrafficQuery.Span) throws -> Int {
      try detail(TrafficQuery(span: span)).count
    }
    // 45 s are two periods of 30 s, 30 s are one.
    #expect(try periods(.lasting(45_000_000_000)) == 2)
    #expect(try periods(.lasting(30_000_000_000)) == 1)
    #expect(try periods(.lasting(1)) == 1)
    #expect(try periods(.lasting(86_400_000_000_000)) == 3)
    // An open end: the last that has ended, though another one runs.
    #expect(try periods(.since(time("15:46:40"))) == 2)
    #expect(try refusal(TrafficQuery(span: .since(time("15:47:35")))).availableAt == time("15:48:05"))
    // No length: the period that contains it.
    expect(
      try detail(TrafficQuery(span: span("15:46:40", "15:46:40")))[0], ["vm1→vm2": 60, "vm2→vm1": 30, "vm3→vm1": 9])
    // Weights are as many as periods, also where fewer are held.
    expect(
      try mean(TrafficQuery(span: .lasting(120_000_000_000), answer: .weights([9, 1, 1, 2])))
        .filter { $0.key == "vm1→vm2" }, ["vm1→vm2": 80])
    #expect(throws: TrafficQueryError.self) {
      try QueryExample.line().answer(TrafficQuery(span: .lasting(120_000_000_000), answer: .weights([1, 1])))
    }
  }

  @Test func theRunningPeriod() throws {
    let running = TrafficQuery(span: span("15:47:00", "15:47:40"), answer: .mean)
    let refused = try refusal(running)
    #expect(refused.availableAt == time("15:48:05"))
    var approximate = running
    approximate.isApproximate = true
    let answer = try statistics(approximate)
    #expect(answer.approximation?.start == time("15:47:30"))
    #expect(answer.approximation?.end == time("15:48:00"))
    #expect(answer.approximation?.from == time("15:47:00"))
    #expect(!answer.isExact)
    // (110 + 110) / 2
    expect(try mean(approximate), ["vm1→vm2": 110, "vm2→vm1": 40, "vm1→vm3": 17])
    // The copy is where the original was.
    approximate.grouping = .hosts
    expect(try mean(approximate), ["a1→a1": 75, "a1→a2": 55, "a2→a1": 20, "a1→vm3": 17])
    // The first period ever has none before it.
    #expect(try refusal(approximate, holding: []).reason.contains("none right before"))
  }

  @Test func aGap() throws {
    let answer = try statistics(TrafficQuery(span: .last(3), answer: .mean), holding: [0, 2])
    #expect(answer.gaps == [time("15:46:30")])
    // (40 + 110) / 2, and with weights 1 and 4 (40 + 440) / 5.
    for (kind, packets) in [(TrafficQuery.Answer.mean, 75.0), (.coefficient(2), 96)] {
      let found = try mean(TrafficQuery(span: .last(3), answer: kind), holding: [0, 2])
      #expect(abs((found["vm1→vm2"] ?? 0) - packets) < 1e-9)
    }
  }
}
