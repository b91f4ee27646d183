import CLibvirt
import Synchronization

/// One connection of libvirt's, used by one thread at a time.
///
/// libvirt lets threads share a connection: the first that waits for an answer reads for the others. Before version
/// 10.0 the call that wakes it up can get lost ("rpc: fix race in waking up client event loop", December 2023), and the
/// second thread then waits until something else comes in, which is the next keepalive. Seen with 9.0 beside a running
/// migration, in one of 50 calls: an answer of 0.2 ms took 5 s.
@safe
final class Session: Sendable {
  let uri: String
  /// Only inside `call`.
  nonisolated(unsafe) let pointer: OpaquePointer
  private let turn = Mutex(())

  /// Seconds between keepalive messages, and how many may go unanswered: a silent daemon is given up after 30 s.
  private static let keepaliveSeconds: Int32 = 5
  private static let keepaliveCount: UInt32 = 5

  init(uri: String) throws(LibvirtError) {
    try Library.ensureStarted()
    guard let pointer = unsafe virConnectOpen(uri) else { throw .last("opening \(uri)") }
    self.uri = uri
    unsafe self.pointer = pointer
    // An old daemon has no keepalive (1), a driver inside this process (`test:///default`) no use for it.
    if unsafe virConnectSetKeepAlive(pointer, Self.keepaliveSeconds, Self.keepaliveCount) < 0 {
      let error = LibvirtError.last("keepalive of \(uri)")
      guard error.code == .noSupport else { throw error }
    }
  }

  /// Tells the daemon, so it may wait.
  deinit { unsafe virConnectClose(pointer) }

  /// Runs libvirt calls that need this connection, after those of other threads.
  func call<Value>(_ body: (OpaquePointer) throws(LibvirtError) -> Value) throws(LibvirtError) -> Value {
    var result: Result<Value, LibvirtError>?
    turn.withLock { _ in
      do throws(LibvirtError) {
        result = .success(try unsafe body(pointer))
      } catch {
        result = .failure(error)
      }
    }
    guard let result else {
      throw LibvirtError(code: .internalError, message: "the call didn't run", operation: "calling \(uri)")
    }
    return try result.get()
  }
}
