internal import Logging
internal import ServiceLifecycle
internal import Storage

/// Leads while it has the store's lease, and waits its turn otherwise: of several controllers on one database one serves,
/// and another takes its place when it is gone.
struct Leadership: Sendable {
  /// A leader that is gone is replaced after this at the latest, and a second.
  static let term = Duration.seconds(4)

  let store: any Store
  /// What others are told of this controller.
  let holder: String
  let logger: Logger

  /// Until the graceful shutdown, or until `lead` ends by itself; each time with the store for a leader.
  func run(_ lead: @escaping @Sendable (any Store) async throws -> Void) async throws {
    var told: Leader?
    while !Task.isShuttingDownGracefully {
      try Task.checkCancellation()
      if let lease = try await attempt() {
        told = nil
        do {
          try await whileLeading(lease, lead)
          try? await store.release(lease)
          return
        } catch is Lost {
          logger.warning("leads no more: the lease was lost; waits until it can lead again")
        }
      } else if let leader = try? await store.leader(), leader != told {
        told = leader
        logger.info("stands by: \(leader.holder) leads", metadata: ["epoch": "\(leader.epoch)"])
      }
      try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(1)) }
    }
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

  /// - Throws: `Lost`, or what `lead` throws.
  private func whileLeading(
    _ lease: Lease, _ lead: @escaping @Sendable (any Store) async throws -> Void
  ) async throws {
    let led = store.leading(under: lease)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await lead(led) }
      group.addTask { try await keep(lease) }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// Renews the lease three times a term; until cancelled.
  ///
  /// A process that stood still finds it run out, and stops leading before it does anything else about it.
  private func keep(_ first: Lease) async throws {
    var lease = first
    while true {
      try await Task.sleep(for: Self.term / 3)
      guard ContinuousClock.now < lease.validUntil else { throw Lost() }
      do {
        lease = try await store.renew(lease)
      } catch let error as StoreError {
        if error.code == .notLeading { throw Lost() }
        logger.warning("the lease can't be renewed: \(error)")
      }
      guard ContinuousClock.now < lease.validUntil else { throw Lost() }
    }
  }
}
