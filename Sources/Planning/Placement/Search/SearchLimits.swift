/// How long a search may take, and from which seed it starts. With a limit of steps and none of time it is deterministic.
public struct SearchLimits: Sendable {
  /// Seconds since the search began; injected, so that tests need no real clock.
  let start: @Sendable () -> (@Sendable () -> Double)
  public var seconds: Double
  /// Placements looked at, about; nil: no limit.
  public let steps: Int?
  public let seed: UInt64

  public init<C: Clock>(
    seconds: Double = 10, steps: Int? = nil, seed: UInt64 = 1, clock: C = ContinuousClock()
  ) where C.Duration == Duration {
    self.seconds = seconds
    self.steps = steps
    self.seed = seed
    start = {
      let begin = clock.now
      return { begin.duration(to: clock.now) / .seconds(1) }
    }
  }
}
