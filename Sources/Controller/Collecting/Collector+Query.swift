internal import Model
internal import Storage
package import Traffic

extension Collector {
  /// Answers a query; waits for what isn't closed yet, if it may be in time.
  ///
  /// The span is that of the moment of asking.
  ///
  /// - Parameter nanoseconds: to wait, at most.
  /// - Throws: `TrafficQueryError`, `StoreError`, `CancellationError`.
  package func query(_ query: TrafficQuery, waitingAtMost nanoseconds: Int64 = 0) async throws -> TrafficAnswer {
    try query.check()
    let deadline = clock.now.advanced(byNanoseconds: max(0, nanoseconds))
    let (number, changes) = watch()
    defer { endWatching(number) }
    var exact = query
    exact.isApproximate = false
    while true {
      let line = try await line(for: exact)
      let answer = try await Self.answer(exact, of: line)
      guard case .handedBack(let refusal) = answer else { return answer }
      exact = line.pinned(exact) ?? exact
      guard let end = line.lastEnd(of: exact) ?? refusal.availableAt, end <= deadline, line.now < deadline else {
        guard query.isApproximate else { return answer }
        exact.isApproximate = true
        return try await Self.answer(exact, of: line)
      }
      await wait(for: changes, until: min(deadline, refusal.availableAt ?? deadline))
      try Task.checkCancellation()
      await closeWhatIsReady()
    }
  }

  /// Elsewhere: a mean of an hour of all pairs takes a while, in which reports have to be taken.
  @concurrent private static func answer(_ query: TrafficQuery, of line: PeriodLine) async throws -> TrafficAnswer {
    try result(query, of: line).get()
  }

  @inline(never)
  private static func result(_ query: TrafficQuery, of line: PeriodLine) -> Result<TrafficAnswer, any Error> {
    Result { try line.answer(query) }
  }

  /// All that is in memory; nil: nothing is.
  package var heldSpan: TrafficQuery.Span? {
    guard let first = held.first, let last = held.last else { return nil }
    return .interval(start: first.period.start, end: last.period.end)
  }

  private func wait(for changes: AsyncStream<Void>, until deadline: Timestamp) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await Self.first(of: changes) }
      group.addTask { [clock] in try? await clock.sleep(until: deadline) }
      await group.next()
      group.cancelAll()
    }
  }

  /// What is held, with what the query needs of the store.
  private func line(for query: TrafficQuery) async throws -> PeriodLine {
    let hosts = await expectedHosts()
    var line = PeriodLine(
      closed: held, sums: sums, awaited: open.mapValues { hosts.subtracting($0.hosts).sorted() },
      length: length ?? 30_000_000_000, grace: configuration.grace, now: clock.now)
    let reach = line.reach(of: query)
    if let first = held.first?.period.start, reach.start < first, held.count < reach.count {
      line.closed =
        try await kept(
          from: reach.start, to: first, last: reach.count - held.count, for: query) + line.closed
    }
    return line
  }

  /// Bytes of a query's periods that are no more in memory.
  private static let mostRead = 192 << 20

  /// Periods that are no more in memory.
  ///
  /// - Parameter query: with no other rows than it may need.
  private func kept(
    from start: Timestamp, to end: Timestamp, last count: Int, for query: TrafficQuery
  ) async throws -> [GlobalPeriod] {
    var periods: [GlobalPeriod] = []
    var sizes = PeriodSizes()
    // One that is rolled up may begin before the span.
    let earliest = Period(containing: start, length: RollUp.longest).start
    for period in try await store.periods(last: min(count, TrafficQuery.largestSpan + 1), from: earliest, to: end)
    where period.end > start {
      guard let traffic = try await stored(period, like: periods.last) else { continue }
      let chosen = query.chosen(in: traffic).map { traffic.touching($0) } ?? traffic
      sizes.add(chosen)
      guard sizes.bytes <= Self.mostRead else {
        throw TrafficQueryError(
          "the span reaches back over more than can be read at once: ask for less of it, for an application, or for "
            + "some VMs, hosts or sites; a controller with --rollup keeps older periods as fewer, longer ones")
      }
      periods.append(chosen)
      try Task.checkCancellation()
    }
    return periods
  }
}
