internal import Logging
internal import ServiceLifecycle
internal import Storage

/// Leads while it has the store's lease, and waits its turn otherwise: of several controllers on one database one serves,
/// and another takes its place when it is gone.
struct Leadership: Sendable {
  /// A leader that is gone is replaced after this at the latest, and ``interval``.
  static let term = Duration.seconds(3)
  /// Between two attempts to lead.
  static let interval = Duration.milliseconds(250)

  let store: any Store
  /// What others are told of this controller.
  let holder: String
  let logger: Logger

  /// Until the graceful shutdown, or until `lead` ends by itself; each time with the store for a leader.
  ///
  /// - Parameter standBy: runs while another leads, and is cancelled when that one is gone.
  func run(
    standBy: @escaping @Sendable (any Store, Leader) async -> Void = { _, _ in },
    _ lead: @escaping @Sendable (any Store, any LeaderRank) async throws -> Void
  ) async throws {
    var told: Leader?
    var standing: Task<Void, Never>?
    defer { standing?.cancel() }
    while !Task.isShuttingDownGracefully {
      try Task.checkCancellation()
      if let lease = try await attempt() {
        told = nil
        logger.info("leads", metadata: ["epoch": "\(lease.epoch)"])
        standing?.cancel()
        let former = standing
        standing = nil
        do {
          // The lease is renewed while the service of before comes to its end.
          let last = try await whileLeading(lease) { store, rank in
            if let former { await Self.end(of: former) }
            try await lead(store, rank)
          }
          try? await store.release(last)
          return
        } catch is Lost {
          logger.warning("leads no more: the lease was lost; waits until it can lead again")
        }
      } else if let leader = try? await store.leader(), leader != told {
        told = leader
        logger.info("stands by: \(leader.holder) leads", metadata: ["epoch": "\(leader.epoch)"])
        standing?.cancel()
        standing = Task { [store, standing] in
          await standing?.value
          await standBy(store, leader)
        }
      }
      try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.interval) }
    }
  }

  /// Until what stood by has ended, or for two seconds: nothing there is worth a federation without a leader.
  private static func end(of former: Task<Void, Never>) async {
    let (ends, ended) = AsyncStream.makeStream(of: Void.self)
    Task {
      await former.value
      ended.finish()
    }
    Task {
      try? await Task.sleep(for: .seconds(2))
      ended.finish()
    }
    for await _ in ends {}
  }

  /// The lease ran out, or is another's.
  private struct Lost: Error {}

  /// - Returns: nil where another has the lease, or whoever keeps it can't be asked now.
  private func attempt() async throws -> Lease? {
    do {
      return try await store.takeLease(as: holder, for: Self.term, above: 0)
    } catch let error as StoreError where error.code == .unreachable || error.code == .inUse {
      logger.warning("can't lead: \(error)")
      return nil
    }
  }

  /// - Returns: the lease as it is in the end.
  /// - Throws: `Lost`, or what `lead` throws.
  private func whileLeading(
    _ lease: Lease, _ lead: @escaping @Sendable (any Store, any LeaderRank) async throws -> Void
  ) async throws -> Lease {
    let led = store.leading(under: lease)
    let rank = LeasedRank(lease, store: led)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await lead(led, rank) }
      group.addTask { try await keep(rank) }
      defer { group.cancelAll() }
      try await group.next()
    }
    return rank.current
  }

  /// Renews the lease three times a term; until cancelled.
  ///
  /// A process that stood still finds it run out, and stops leading before it does anything else about it.
  private func keep(_ rank: LeasedRank) async throws {
    while true {
      try await Task.sleep(for: Self.term / 3)
      guard rank.isValid else { throw Lost() }
      do {
        try await rank.renew()
      } catch let error as StoreError {
        if error.code == .notLeading { throw Lost() }
        logger.warning("the lease can't be renewed: \(error)")
      }
      guard rank.isValid else { throw Lost() }
    }
  }
}
