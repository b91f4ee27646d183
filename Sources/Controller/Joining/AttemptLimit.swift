package import Model

/// How often each may try in a while; what is remembered is bounded, however many there are.
package struct AttemptLimit<Key: Hashable & Sendable>: Sendable {
  private let most: Int
  private let span: Int64
  private let mostKeys: Int
  private var windows: [Key: Window] = [:]
  private var lastSweep: Timestamp?

  private struct Window {
    var start: Timestamp
    var count: Int
  }

  /// - Parameters:
  ///   - most: attempts in each span.
  ///   - span: nanoseconds.
  ///   - mostKeys: that are told apart; while so many have tried, others wait.
  package init(_ most: Int, in span: Int64, mostKeys: Int = 10_000) {
    (self.most, self.span, self.mostKeys) = (most, span, mostKeys)
  }

  /// Counts an attempt.
  ///
  /// - Returns: whether it may be made.
  package mutating func admit(_ key: Key, at now: Timestamp) -> Bool {
    if var window = windows[key], isOpen(window, at: now) {
      window.count = min(window.count, most) + 1
      windows[key] = window
      return window.count <= most
    }
    if windows[key] == nil, windows.count >= mostKeys { sweep(at: now) }
    guard windows[key] != nil || windows.count < mostKeys else { return false }
    windows[key] = Window(start: now, count: 1)
    return most >= 1
  }

  /// A clock that was set back begins anew.
  private func isOpen(_ window: Window, at now: Timestamp) -> Bool {
    now >= window.start && now < window.start.advanced(byNanoseconds: span)
  }

  /// Forgets windows that are over; once a second at most, since it looks at all of them.
  private mutating func sweep(at now: Timestamp) {
    if let lastSweep, now >= lastSweep, now < lastSweep.advanced(byNanoseconds: 1_000_000_000) { return }
    lastSweep = now
    windows = windows.filter { isOpen($0.value, at: now) }
  }
}
