/// What is left of a search's time and steps; shared by all parts of one search.
final class SearchBudget {
  private let elapsed: () -> Double
  private let seconds: Double
  private let steps: Double
  private var spent = 0.0

  init(_ limits: SearchLimits) {
    elapsed = limits.start()
    seconds = limits.seconds
    steps = limits.steps.map { max(Double($0), 1e-9) } ?? .infinity
  }

  /// Counts placements looked at.
  func spend(_ count: Int) { spent += Double(count) }

  /// How much of the budget is used up: 0 … 1 and beyond.
  var used: Double { max(elapsed() / seconds, spent / steps) }

  var isOver: Bool { used >= 1 }
}
