internal import GRDB

/// Nobody else writes the file, so that the lead is always to be had. Its epoch counts the controllers all the same:
/// hosts tell by it which of two commands is the later one.
extension SQLiteStore {
  /// A process that is short of time doesn't lose what nobody else can take.
  private static let ever = Duration.seconds(86_400)

  package func takeLease(as holder: String, for term: Duration, above epoch: Int64) async throws -> Lease? {
    let start = ContinuousClock.now
    do {
      let epoch = try await database.write { database in
        let last = try Int64.fetchOne(database, sql: "SELECT epoch FROM lease") ?? 0
        let next = max(last, epoch) + 1
        try database.execute(
          sql: "INSERT OR REPLACE INTO lease (one, holder, epoch) VALUES (1, ?, ?)", arguments: [holder, next])
        return next
      }
      leasedEpoch = epoch
      return Lease(holder: holder, epoch: epoch, term: term, validUntil: start + Self.ever)
    } catch { throw StoreError(error, path: path) }
  }

  package func renew(_ lease: Lease) async throws -> Lease {
    var lease = lease
    lease.validUntil = .now + Self.ever
    lease.epoch = max(lease.epoch, leasedEpoch)
    return lease
  }

  package func raiseEpoch(above epoch: Int64) async throws -> Int64 {
    guard epoch < .max else { throw StoreError(.other, "\(path): there is no epoch above \(epoch)") }
    do {
      let raised = try await database.write { database in
        try database.execute(sql: "UPDATE lease SET epoch = max(epoch, ?)", arguments: [epoch + 1])
        return try Int64.fetchOne(database, sql: "SELECT epoch FROM lease")
      }
      guard let raised else { throw StoreError(.notLeading, "\(path): nobody has taken the lease") }
      leasedEpoch = raised
      return raised
    } catch { throw StoreError(error, path: path) }
  }

  package func release(_ lease: Lease) async throws {}

  package func leader() async throws -> Leader? {
    try await read { database in
      try Row.fetchOne(database, sql: "SELECT holder, epoch FROM lease").map { Leader(holder: $0[0], epoch: $0[1]) }
    }
  }

  package nonisolated func leading(under lease: Lease) -> any Store { self }
}
