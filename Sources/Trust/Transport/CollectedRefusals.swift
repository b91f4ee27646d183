internal import Synchronization

/// What was told of servers that weren't believed, for a command that says why it ends.
package final class CollectedRefusals: Sendable {
  private let lines = Mutex<[String]>([])

  package init() {}

  /// Without what all of them begin with.
  package var first: String? { lines.withLock { $0.first }?.replacing("refused a server: ", with: "") }

  package func add(_ line: String) { lines.withLock { $0.append(line) } }
}
