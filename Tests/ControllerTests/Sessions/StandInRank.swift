import Controller
import Synchronization

/// A controller's epoch, which rises as long as no other leads.
final class StandInRank: LeaderRank {
  struct Outranked: Error {}

  private let state: Mutex<(epoch: UInt64, isValid: Bool)>
  /// Another has the lease.
  private let isOutranked: Bool

  init(_ epoch: UInt64, isOutranked: Bool = false) {
    state = Mutex((epoch, true))
    self.isOutranked = isOutranked
  }

  var epoch: UInt64 { state.withLock { $0.epoch } }
  var isValid: Bool { state.withLock { $0.isValid } }

  func rise(above epoch: UInt64) async throws {
    guard !isOutranked else { throw Outranked() }
    state.withLock { $0.epoch = max($0.epoch, epoch + 1) }
  }

  /// Its lease has run out.
  func lapse() { state.withLock { $0.isValid = false } }
}
