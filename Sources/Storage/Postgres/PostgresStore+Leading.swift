/// The lease is a row, timed by the server's clock alone. Advisory locks vanish with a session without anybody being
/// told, and don't work behind poolers; a row says who leads, and its epoch goes into every change.
extension PostgresStore {
  package func takeLease(as holder: String, for term: Duration, above epoch: Int64) async throws -> Lease? {
    let values: [PostgresValue] = [
      .text(holder), .integer(core.writerNumber), .integer(term.wholeMicroseconds), .integer(epoch),
    ]
    let taken = try await core.keeper.perform(
      until: core.deadline(within: term), answer: .seconds(1)
    ) { attempt throws(PostgresFailure) in
      let start = ContinuousClock.now
      // One's own is taken anew: it is that of an attempt whose answer was lost, or of a task that has ended. So is one
      // that ends later than any can: the server's clock was set back.
      let rows = try attempt.run(
        """
        UPDATE transhumance.lease
        SET holder = $1, writer = $2, epoch = greatest(epoch, $4) + 1, writes = 0,
          term = $3 * interval '1 microsecond', expires = clock_timestamp() + $3 * interval '1 microsecond'
        WHERE writer = $2 OR expires <= clock_timestamp() OR expires > clock_timestamp() + 2 * term
        RETURNING epoch
        """, values)
      return (epoch: try rows.first?.integer(0), start: start)
    }
    return taken.epoch.map { Lease(holder: holder, epoch: $0, term: term, validUntil: taken.start + term) }
  }

  package func renew(_ lease: Lease) async throws -> Lease {
    let values: [PostgresValue] = [.integer(lease.epoch), .integer(core.writerNumber)]
    // Nothing is gained by an answer that comes when the lease has run out.
    let renewed = try await core.keeper.perform(
      until: min(max(lease.validUntil, .now + .seconds(1)), core.deadline(within: lease.term)), answer: .seconds(1)
    ) { attempt throws(PostgresFailure) in
      let start = ContinuousClock.now
      // It may have been raised meanwhile.
      let rows = try attempt.run(
        """
        UPDATE transhumance.lease SET expires = clock_timestamp() + term WHERE epoch >= $1 AND writer = $2
        RETURNING epoch
        """, values)
      return (epoch: try rows.first?.integer(0), start: start)
    }
    guard let epoch = renewed.epoch else { throw core.notLeading }
    // It was raised, though no answer said so: changes are to be made under the epoch that it has.
    self.epoch?.raise(to: epoch)
    return Lease(holder: lease.holder, epoch: epoch, term: lease.term, validUntil: renewed.start + lease.term)
  }

  package func raiseEpoch(above epoch: Int64) async throws -> Int64 {
    guard let own = self.epoch else { throw core.notLeading }
    guard epoch < .max else { throw StoreError(.other, "\(core.address): there is no epoch above \(epoch)") }
    let raised = try await core.writer.perform(until: core.deadline) { attempt throws(PostgresFailure) in
      // Once more changes nothing more.
      let rows = try attempt.run(
        """
        UPDATE transhumance.lease SET epoch = greatest(epoch, $3) WHERE epoch >= $1 AND writer = $2 RETURNING epoch
        """, [.integer(own.current), .integer(core.writerNumber), .integer(epoch + 1)])
      let raised = try rows.first?.integer(0)
      if let raised { own.raise(to: raised) }
      return raised
    }
    guard let raised else { throw core.notLeading }
    return raised
  }

  package func release(_ lease: Lease) async throws {
    let values: [PostgresValue] = [.integer(lease.epoch), .integer(core.writerNumber)]
    try await core.keeper.perform(until: core.deadline(within: lease.term)) { attempt throws(PostgresFailure) in
      _ = try attempt.run(
        """
        UPDATE transhumance.lease SET holder = '', writer = 0, expires = '-infinity' WHERE epoch >= $1 AND writer = $2
        """, values)
    }
  }

  package func leader() async throws -> Leader? {
    // Readers may have large periods to read; whoever stands by asks this before it tries to lead again.
    try await core.keeper.perform(
      until: core.deadline(within: .seconds(3)), answer: .seconds(1)
    ) { attempt throws(PostgresFailure) in
      let rows = try attempt.run("SELECT holder, epoch FROM transhumance.lease WHERE expires > clock_timestamp()")
      return try rows.first.map { row throws(PostgresFailure) in Leader(holder: row.text(0), epoch: try row.integer(1)) }
    }
  }

  /// Makes a change that is the leader's.
  ///
  /// - Parameter change: as `PostgresSQL.led` has it.
  func lead(_ change: PostgresSQL, _ values: [PostgresValue]) async throws(StoreError) { try await lead([change], values) }

  /// Makes changes, all or none.
  func lead(_ changes: [PostgresSQL], _ values: [PostgresValue]) async throws(StoreError) {
    guard let epoch else { throw core.notLeading }
    // Of a refusal: whether an earlier attempt may have been carried out, before another took the lease.
    let refusal: Bool? = try await core.writer.perform(until: core.deadline) { attempt throws(PostgresFailure) in
      // As it is now: it may have been raised while this waited for its turn.
      let own: [PostgresValue] = [.integer(epoch.current), .integer(core.writerNumber)]
      let turns = try attempt.run(PostgresSQL.led(changes), own + [.integer(attempt.number)] + values)
      if try turns.first?.integer(0) == 1 { return nil }
      guard attempt.isRepeated else { return false }
      // Nobody else writes numbers under this epoch, and none before this one's was answered.
      let earlier = try attempt.run(
        "SELECT FROM transhumance.lease WHERE epoch = $1 AND writer = $2 AND writes >= $3",
        own + [.integer(attempt.number)])
      return earlier.isEmpty ? true : nil
    }
    guard let refusal else { return }
    var error = core.notLeading
    error.mayBeKept = refusal
    throw error
  }
}

extension PostgresCore {
  fileprivate var notLeading: StoreError {
    StoreError(.notLeading, "\(address): this controller doesn't lead, or leads no more.")
  }
}

extension Duration {
  fileprivate var wholeMicroseconds: Int64 { Int64(self / .microseconds(1)) }
}
