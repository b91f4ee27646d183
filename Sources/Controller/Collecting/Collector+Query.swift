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
    var line = try await line(for: exact)
    while case .handedBack(let refusal) = try await Self.answer(exact, line) {
      exact = line.pinned(exact) ?? exact
      guard let end = line.lastEnd(of: exact) ?? refusal.availableAt, end <= deadline, line.now < deadline else { break }
      await wait(for: changes, until: min(deadline, refusal.availableAt ?? deadline))
      try Task.checkCancellation()
      await closeWhatIsReady()
      line = try await self.line(for: exact)
    }
    exact.isApproximate = query.isApproximate
    return try await Self.answer(exact, line)
  }

  /// Elsewhere: a mean of an hour of all pairs takes a while, in which reports have to be taken.
  @concurrent private static func answer(_ query: TrafficQuery, _ line: PeriodLine) async throws -> TrafficAnswer {
    try result(query, line).get()
  }

  @inline(never) private static func result(
    _ query: TrafficQuery, _ line: PeriodLine
  ) -> Result<TrafficAnswer, any Error> {
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
      closed: held, awaited: open.mapValues { hosts.subtracting($0.hosts).sorted() }, length: length ?? 30_000_000_000,
      grace: configuration.grace, now: clock.now)
    let reach = line.reach(of: query)
    if let first = held.first?.period.start, reach.start < first, held.count < reach.count {
      line.closed = try await kept(from: reach.start, to: first, last: reach.count - held.count) + line.closed
    }
    return line
  }

  /// Periods that are no more in memory.
  private func kept(from start: Timestamp, to end: Timestamp, last count: Int) async throws -> [GlobalPeriod] {
    var periods: [GlobalPeriod] = []
    for period in try await store.periods(last: min(count, TrafficQuery.largestSpan + 1), from: start, to: end) {
      let reports = try await store.reports(of: period)
      let hosts = try await store.closing(of: period)?.expectedHosts ?? []
      periods.append(GlobalPeriod(period: period, reports: reports, expectedHosts: hosts))
      try Task.checkCancellation()
    }
    return periods
  }
}
