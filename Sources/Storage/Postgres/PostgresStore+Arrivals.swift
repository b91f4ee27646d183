internal import Model

extension PostgresStore {
  /// What others save is asked for at intervals, which needs no session of its own and so survives poolers and
  /// restarts: a notification that comes while a connection is down would be lost.
  package func arrivals() async throws -> AsyncStream<ReportArrival> {
    let horizon = try await core.news(since: .max, until: core.deadline).horizon
    // What is there beyond the horizon isn't news either.
    let known = try await core.news(since: horizon, until: core.deadline)
    return core.hub.listen { [core] continuation in await core.watch(from: known, continuation) }
  }
}

extension PostgresCore {
  /// What a controller has saved of a period.
  fileprivate struct Source: Hashable {
    let period: Period
    let writer: Int64
  }

  fileprivate struct News {
    /// All transactions before it have ended, and were seen.
    var horizon: UInt64
    /// In which transaction something was saved last.
    var transactions: [Source: UInt64] = [:]
  }

  /// What other controllers have saved in that transaction or later ones, as far as it is committed.
  fileprivate func news(
    since horizon: UInt64, until deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> News {
    // Numbers of transactions are unsigned, and have no binary form that is documented.
    let rows = try await keeper.perform(until: deadline) { [writerNumber] attempt throws(PostgresFailure) in
      var found: [(horizon: String, source: Source?, transaction: String)] = []
      for row in try attempt.run(
        """
        SELECT pg_snapshot_xmin(pg_current_snapshot())::text, start, length, writer, transaction::text
        FROM (VALUES (1)) AS always LEFT JOIN transhumance.arrival ON transaction >= $1::xid8 AND writer <> $2
        """, [.text(String(horizon)), .integer(writerNumber)])
      {
        var source: Source?
        if !row.isNull(1) {
          let period = Period(start: Timestamp(nanoseconds: try row.integer(1)), length: try row.integer(2))
          source = Source(period: period, writer: try row.integer(3))
        }
        found.append((row.text(0), source, row.text(4)))
      }
      return found
    }
    var news = News(horizon: rows.first.flatMap { UInt64($0.horizon) } ?? 0)
    for row in rows {
      if let source = row.source { news.transactions[source] = UInt64(row.transaction) ?? 0 }
    }
    return news
  }

  /// A transaction that lasts holds the horizon back, and what came after it is seen again and again.
  fileprivate func watch(from start: News, _ continuation: AsyncStream<ReportArrival>.Continuation) async {
    var known = start
    while !Task.isCancelled {
      try? await Task.sleep(for: timing.interval)
      // While the server is away there is nothing to be heard; the horizon stays.
      guard var news = try? await news(since: known.horizon, until: .now + .seconds(1)) else { continue }
      let periods = news.transactions.filter { known.transactions[$0.key] != $0.value }.map(\.key.period)
      for period in Set(periods).sorted() { continuation.yield(ReportArrival(period: period, isOwn: false)) }
      // Another server, as after a restored backup, counts anew.
      if news.horizon < known.horizon { news = News(horizon: 0) }
      known = news
    }
  }
}
