import Synchronization

/// The time and the word to stop that all parts of one search share, on whatever thread they run.
final class SearchClock: Sendable {
  let limits: SearchLimits
  private let elapsed: @Sendable () -> Double
  private let isStopped = Atomic(false)

  init(_ limits: SearchLimits) {
    self.limits = limits
    elapsed = limits.start()
  }

  /// Ends the search.
  func stop() { isStopped.store(true, ordering: .relaxed) }

  /// Share of the time that is used up; infinite once the search was stopped or the task cancelled.
  var used: Double {
    // Only one of the threads runs in the task.
    if Task.isCancelled { stop() }
    return isStopped.load(ordering: .relaxed) ? .infinity : elapsed() / limits.seconds
  }
}

/// What is left of a search's time and steps; shared by all parts of one search on one thread.
final class SearchBudget {
  private let clock: SearchClock
  private let steps: Double
  private var spent = 0.0

  init(_ clock: SearchClock) {
    self.clock = clock
    steps = clock.limits.steps.map { max(Double($0), 1e-9) } ?? .infinity
  }

  convenience init(_ limits: SearchLimits) { self.init(SearchClock(limits)) }

  /// Counts placements looked at.
  func spend(_ count: Int) { spent += Double(count) }

  /// How much of the budget is used up: 0 … 1 and beyond.
  var used: Double { max(clock.used, spent / steps) }

  /// The same, where so many more placements are looked at that aren't counted yet.
  func used(with more: Int) -> Double { max(clock.used, (spent + Double(more)) / steps) }

  var isOver: Bool { used >= 1 }
}
