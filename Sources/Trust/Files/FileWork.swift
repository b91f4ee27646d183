internal import Dispatch
internal import Synchronization

/// Work that waits for disks and for locks, one piece after another on a thread of its own: those that all tasks share
/// are one for each core.
package final class FileWork: Sendable {
  private let queue: DispatchQueue
  private let most: Int
  private let waiting = Mutex(0)

  /// - Parameters:
  ///   - label: for whoever looks at threads.
  ///   - most: pieces that wait or are done; more are refused.
  package init(_ label: String, atMost most: Int) {
    queue = DispatchQueue(label: label)
    self.most = most
  }

  /// - Throws: `FileWork.Busy`, and what the body does.
  package func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try enter()
    defer { waiting.withLock { $0 -= 1 } }
    return try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Swift.Result { try body() }) }
    }
  }

  /// Too much waits already.
  package struct Busy: Error {}

  @inline(never) private func enter() throws {
    try waiting.withLock { waiting in
      guard waiting < most else { throw Busy() }
      waiting += 1
    }
  }
}
