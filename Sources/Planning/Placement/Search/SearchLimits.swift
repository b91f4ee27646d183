/// How long a search may take, and from which seed it starts. With a limit of steps and none of time (infinite
/// seconds) it is deterministic.
public struct SearchLimits: Sendable {
  /// Starts a stopwatch, which gives the seconds since; injected, so that tests need no real clock.
  let start: @Sendable () -> (@Sendable () -> Double)
  /// More than 0; may be infinite.
  public var seconds: Double
  /// Placements looked at, about; nil: no limit.
  public var steps: Int?
  public let seed: UInt64

  public init<C: Clock>(
    seconds: Double = 10, steps: Int? = nil, seed: UInt64 = 1, clock: C = ContinuousClock()
  ) where C.Duration == Duration {
    self.seconds = max(seconds, 1e-9)
    self.steps = steps
    self.seed = seed
    start = {
      let begin = clock.now
      return { begin.duration(to: clock.now) / .seconds(1) }
    }
  }
}
