/// How long to wait before the next attempt: longer each time, and never the same for all hosts at once.
package struct Backoff {
  package static let first = Duration.milliseconds(200)
  package static let longest = Duration.seconds(10)

  private var current = Self.first

  package init() {}

  /// - Returns: within a fifth of 0.2 s, then 1.6 times as much each time up to 10 s.
  package mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
    defer { current = min(current * 1.6, Self.longest) }
    return current * Double.random(in: 0.8...1.2, using: &generator)
  }

  /// It went well.
  package mutating func reset() { current = Self.first }
}
