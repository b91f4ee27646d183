internal import Synchronization
internal import Trust

/// Who was found at the other end of a connection when it was made.
final class MetPeer: Sendable {
  private let state = Mutex<Peer?>(nil)

  /// Nil: nobody yet.
  var peer: Peer? { state.withLock { $0 } }

  func note(_ peer: Peer) { state.withLock { $0 = peer } }
  func forget() { state.withLock { $0 = nil } }
}
