/// Work that lasts until it is cancelled. Where it fails it is begun anew: after a second, then ever more seldom, each
/// minute at last.
package struct LastingWork: Sendable {
  private let pause: @Sendable (Duration) async throws -> Void

  /// - Parameter pause: waits; injected, so that tests need no real time.
  package init(pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }) {
    self.pause = pause
  }

  /// Returns when it ends by itself, or is cancelled.
  ///
  /// - Parameters:
  ///   - failed: hears why it doesn't go on.
  ///   - work: calls what it is given once it does what it is there for.
  package func run(
    failed: (any Error) async -> Void, _ work: (_ isWell: () -> Void) async throws -> Void
  ) async {
    var seconds = 1
    while !Task.isCancelled {
      do {
        return try await work { seconds = 1 }
      } catch {
        guard !Task.isCancelled else { return }
        await failed(error)
      }
      guard (try? await pause(.seconds(seconds))) != nil else { return }
      seconds = min(2 * seconds, 60)
    }
  }
}
