import Foundation

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
  /// Searches side by side, each with a seed and steps of its own; at least 1. What is found depends on their number.
  public var workers: Int

  /// - Parameter workers: nil: one on each core; with a limit of steps one, so that the machine doesn't matter.
  public init<C: Clock>(
    seconds: Double = 10, steps: Int? = nil, seed: UInt64 = 1, workers: Int? = nil, clock: C = ContinuousClock()
  ) where C.Duration == Duration {
    self.seconds = max(seconds, 1e-9)
    self.steps = steps
    self.seed = seed
    self.workers = max(1, workers ?? (steps == nil ? Self.cores : 1))
    start = {
      let begin = clock.now
      return { begin.duration(to: clock.now) / .seconds(1) }
    }
  }

  private static let cores = ProcessInfo.processInfo.activeProcessorCount
}
