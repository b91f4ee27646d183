internal import Storage
internal import Synchronization

/// By which epoch a controller leads, and whether it still does.
package protocol LeaderRank: Sendable {
  /// From 1.
  var epoch: UInt64 { get }
  /// Whether nobody else can have taken the lead, by this machine's clock.
  var isValid: Bool { get }
  /// Returns with an epoch above that one, of which a host has heard.
  ///
  /// - Throws: where another controller leads, or the store can't be asked.
  func rise(above epoch: UInt64) async throws
}

/// Of a controller beside which there is no other.
package struct LoneRank: LeaderRank {
  package let epoch: UInt64 = 1
  package let isValid = true

  package init() {}

  package func rise(above epoch: UInt64) async throws {
    throw ControllerError("there is a leader of epoch \(epoch)")
  }
}

/// By a lease of the store.
final class LeasedRank: LeaderRank {
  /// Led under the lease.
  private let store: any Store
  private let lease: Mutex<Lease>

  init(_ lease: Lease, store: any Store) {
    self.lease = Mutex(lease)
    self.store = store
  }

  var current: Lease { lease.withLock { $0 } }
  var epoch: UInt64 { UInt64(clamping: current.epoch) }
  var isValid: Bool { ContinuousClock.now < current.validUntil }

  func rise(above epoch: UInt64) async throws {
    let raised = try await store.raiseEpoch(above: Int64(clamping: epoch))
    lease.withLock { $0.epoch = max($0.epoch, raised) }
  }

  /// For another term; and where an answer to `rise` was lost, with what came of that.
  ///
  /// - Throws: `StoreError`
  func renew() async throws { take(try await store.renew(current)) }

  /// Takes over what the store says of it.
  private func take(_ renewed: Lease) {
    lease.withLock { lease in
      lease.epoch = max(lease.epoch, renewed.epoch)
      lease.validUntil = max(lease.validUntil, renewed.validUntil)
    }
  }
}
