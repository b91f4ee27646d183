internal import Linux
package import Model

/// The time of day, which tests set by hand.
package protocol WallClock: Sendable {
  var now: Timestamp { get }

  /// Returns once it is that time or later.
  ///
  /// - Throws: `CancellationError`
  func sleep(until instant: Timestamp) async throws
}

/// The machine's clock, which may step.
package struct SystemClock: WallClock {
  package init() {}

  package var now: Timestamp { .now }

  package func sleep(until instant: Timestamp) async throws {
    // In pieces, so that a step of the clock is noticed.
    while true {
      let rest = instant.seconds - now.seconds
      guard rest > 0 else { return }
      try await Task.sleep(for: .seconds(min(rest, 1)))
    }
  }
}
