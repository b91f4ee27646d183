internal import Synchronization

/// A store in a PostgreSQL database, which several controllers may share.
///
/// A call returns once the server has committed; where the connection breaks it is repeated for some seconds, and what
/// comes out is as if it hadn't broken: a report that was kept by the first attempt is new all the same.
package struct PostgresStore: Store {
  let core: PostgresCore
  /// Of the lease that is led under; nil: what is the leader's is refused.
  let epoch: LeasedEpoch?

  package struct Timing: Sendable {
    /// For so long a call waits for a server that is away.
    package var patience = Duration.seconds(15)
    /// Between looks at what other controllers have saved.
    package var interval = Duration.milliseconds(250)

    package init() {}
  }

  /// Connects and brings the tables to this version.
  ///
  /// - Parameters:
  ///   - connection: as `psql` takes it: a URI, `key=value` pairs (`service=…` among them) or a database's name. What
  ///     it doesn't say comes from libpq's environment. Its password is neither logged nor in errors.
  ///   - retainedPeriods: that many periods, the newest, are kept; nil: all.
  /// - Throws: `StoreError`; the database is left as it is then.
  package init(
    connection: String, retainedPeriods: Int? = nil, timing: Timing = Timing()
  ) async throws(StoreError) {
    core = PostgresCore(
      try PostgresAddress(connection), retainedPeriods: retainedPeriods.map { max(1, $0) }, timing: timing)
    epoch = nil
    try await core.open()
  }

  private init(core: PostgresCore, epoch: LeasedEpoch) {
    self.core = core
    self.epoch = epoch
  }

  package func leading(under lease: Lease) -> any Store { PostgresStore(core: core, epoch: LeasedEpoch(lease.epoch)) }
}

/// The epoch of a lease, which is raised on the connection of all changes: none meets another epoch than it knows.
final class LeasedEpoch: Sendable {
  private let value: Mutex<Int64>
  var current: Int64 { value.withLock { $0 } }

  init(_ epoch: Int64) { value = Mutex(epoch) }

  func raise(to epoch: Int64) { value.withLock { $0 = max($0, epoch) } }
}

/// The connections to a database, and what is known of it.
final class PostgresCore: Sendable {
  let address: PostgresAddress
  let timing: PostgresStore.Timing
  let retainedPeriods: Int?
  /// Of this store, by which rows tell who has written them.
  let writerNumber = Int64.random(in: 1 ... .max)
  let groups = ReportGroups()
  let hub = ArrivalHub()
  let saving = Mutex(SavingState())

  /// All changes, one after another.
  let writer: PostgresConnection
  /// The lease and arrivals: a lease must not run out because large reports are being written or read.
  let keeper: PostgresConnection
  private let readers: [PostgresConnection]
  /// Calls that each reader has to do.
  private let load: Mutex<[Int]>

  init(_ address: PostgresAddress, retainedPeriods: Int?, timing: PostgresStore.Timing) {
    self.address = address
    self.retainedPeriods = retainedPeriods
    self.timing = timing
    writer = PostgresConnection(address, label: "store.writer")
    keeper = PostgresConnection(address, label: "store.keeper")
    readers = (0..<2).map { PostgresConnection(address, label: "store.reader.\($0)") }
    load = Mutex([0, 0])
  }

  /// Of calls that begin now.
  var deadline: ContinuousClock.Instant { .now + timing.patience }

  /// Of calls about a lease of that term.
  func deadline(within term: Duration) -> ContinuousClock.Instant { .now + min(term, timing.patience) }

  func open() async throws(StoreError) {
    // Other controllers may be at it, and large tables take their time.
    let refusal = try await writer.perform(until: deadline, answer: .seconds(3600), isFirst: true) {
      [address] attempt throws(PostgresFailure) in try PostgresSchema.prepare(attempt, address)
    }
    if let refusal { throw refusal }
  }

  /// Rows, from the reader that has least to do.
  func rows<Value: Sendable>(
    _ sql: PostgresSQL, _ values: [PostgresValue] = [],
    _ decode: @Sendable (PostgresResult.Row) throws(PostgresFailure) -> Value
  ) async throws(StoreError) -> [Value] {
    let index = load.withLock { load in
      let index = load.indices.min { load[$0] < load[$1] } ?? 0
      load[index] += 1
      return index
    }
    defer { load.withLock { $0[index] -= 1 } }
    return try await readers[index].perform(until: deadline) { attempt throws(PostgresFailure) in
      var decoded: [Value] = []
      for row in try attempt.run(sql, values) { decoded.append(try decode(row)) }
      return decoded
    }
  }
}
