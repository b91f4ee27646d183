internal import Glibc

/// One connection that is made anew when it breaks. Calls come one after another, on a thread of its own.
actor PostgresConnection {
  private let executor: BlockingExecutor
  // Unowned is unsafe; the executor lives as long as this actor.
  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  nonisolated let address: PostgresAddress
  private var session: PostgresSession?
  /// Of the calls until now.
  private var count: Int64 = 0
  /// Why there is no session.
  private var problem = PostgresFailure(.unsent, "not connected")

  init(_ address: PostgresAddress, label: String) {
    self.address = address
    executor = BlockingExecutor(label: label)
  }

  /// One of the attempts at a call.
  struct Attempt {
    let session: PostgresSession
    let limit: ContinuousClock.Instant
    /// Whether an earlier one may have been carried out.
    let isRepeated: Bool
    /// Of the call; later ones have larger ones.
    let number: Int64

    @discardableResult
    func run(_ sql: PostgresSQL, _ values: [PostgresValue] = []) throws(PostgresFailure) -> [PostgresResult.Row] {
      try session.run(sql, values, until: limit).rows
    }
  }

  /// Runs statements that may be repeated: after the connection has broken they are, until the deadline.
  ///
  /// - Parameters:
  ///   - deadline: no attempt begins after that.
  ///   - answer: for so long an answer is waited for, however near the deadline is.
  ///   - isFirst: a server that is there and doesn't let us in isn't asked again.
  func perform<Value: Sendable>(
    until deadline: ContinuousClock.Instant, answer: Duration = .seconds(30), isFirst: Bool = false,
    _ body: @Sendable (Attempt) throws(PostgresFailure) -> Value
  ) throws(StoreError) -> Value {
    count += 1
    var pauses = Pauses()
    var mayBeDone = false
    // Of many calls that waited for this one, only the first tries to connect in vain.
    if session == nil, ContinuousClock.now >= deadline {
      throw StoreError(PostgresFailure(.unsent, problem.message), address, mayBeKept: false)
    }
    while true {
      do throws(PostgresFailure) {
        let session = try connected()
        let limit = max(deadline, ContinuousClock.now + answer)
        return try body(Attempt(session: session, limit: limit, isRepeated: mayBeDone, number: count))
      } catch {
        problem = error
        mayBeDone = mayBeDone || error.kind == .lost
        if isFirst, error.kind == .unsent, !PostgresSession.isWorthWaiting(for: address) {
          throw StoreError(.noAccess, "\(address) can't be used: \(error.message)")
        }
      }
      if session?.isIdle != true { session = nil }
      let pause = pauses.next()
      guard problem.isPassing, ContinuousClock.now + pause < deadline, !Task.isCancelled else {
        throw StoreError(problem, address, mayBeKept: mayBeDone)
      }
      usleep(UInt32(pause / .microseconds(1)))
    }
  }

  /// Milliseconds that statements may take, by the server's clock: it ends them itself before we give them up.
  private static let statementLimit = "25000"

  private func connected() throws(PostgresFailure) -> PostgresSession {
    if let session, session.isIdle { return session }
    session = nil
    let new = try PostgresSession(address)
    do throws(PostgresFailure) {
      // Whatever is set for the database: kept means on disk.
      _ = try new.run(
        """
        SELECT set_config('statement_timeout', $1, false),
          CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', false) END
        """, [.text(Self.statementLimit)], until: .now + .seconds(10))
    } catch { throw PostgresFailure(.unsent, error.message) }
    session = new
    return new
  }
}

/// Between attempts: each twice as long as the one before, up to a second, and by chance up to a half shorter, so that
/// not all controllers come at once.
private struct Pauses {
  private var largest = 0.05

  mutating func next() -> Duration {
    defer { largest = min(1, 2 * largest) }
    return .seconds(largest * Double.random(in: 0.5...1))
  }
}
