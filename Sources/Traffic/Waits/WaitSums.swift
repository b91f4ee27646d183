internal import Model

/// Sums of what the end of a row counted of its waits; weighed ones are no whole numbers.
struct WaitSums {
  var turns = 0.0
  var matched = 0.0
  var runs = 0.0
  /// In thousandths.
  var shares = 0.0

  init() {}

  init(_ counts: PairCounts) {
    turns = Double(counts.turns)
    matched = Double(counts.matched)
    runs = Double(counts.runs)
    shares = Double(counts.shares)
  }

  mutating func add(_ counts: PairCounts, weight: Double) {
    turns += weight * Double(counts.turns)
    matched += weight * Double(counts.matched)
    runs += weight * Double(counts.runs)
    shares += weight * Double(counts.shares)
  }

  /// As of `PairCounts`, for both.
  func waits(opposite: WaitSums) -> Double {
    if matched == 0 { return 0 }
    let excess = matched + opposite.matched - turns - opposite.turns
    let isSwap = excess > runs + opposite.runs
    return isSwap ? shares / 2000 : turns * shares / (1000 * matched)
  }
}
