internal import Model

extension PeriodLine {
  /// - Returns: nil where all weights are 0.
  func content(
    _ query: TrafficQuery, _ held: [HeldPeriod], count: Int
  ) throws(TrafficQueryError) -> TrafficStatistics.Content? {
    switch query.answer {
    case .detail: return .periods(held.map { .init($0, query) })
    case .mean: return .mean(mean(query, held, weights: held.map { _ in 1 }))
    case .coefficient(let coefficient):
      return .mean(mean(query, held, weights: Self.weights(coefficient, held.map(\.position))))
    case .weights(let weights):
      guard weights.count == count else {
        throw TrafficQueryError("\(weights.count) weights for \(count) periods: give as many weights as periods")
      }
      let own = held.map { weights[$0.position] }
      guard let largest = own.max(), largest > 0 else { return nil }
      return .mean(mean(query, held, weights: own.map { $0 / largest }))
    }
  }

  /// Powers of the coefficient, the largest of them 1: none overflows, and their sum is at least 1.
  static func weights(_ coefficient: Double, _ positions: [Int]) -> [Double] {
    guard let first = positions.first, let last = positions.last else { return [] }
    return positions.map { position in
      coefficient < 1 ? power(coefficient, position - first) : power(1 / coefficient, last - position)
    }
  }

  /// By squaring; of a base of at most 1, so that it can only get too small to count.
  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }

  /// - Parameter weights: at least one of them 1, none more.
  private func mean(_ query: TrafficQuery, _ held: [HeldPeriod], weights: [Double]) -> [TrafficStatistics.Row] {
    let sum = weights.reduce(0, +)
    let scales = zip(held, weights).map { $1 / sum * (Double(length) / Double($0.traffic.period.length)) }
    return query.rows(of: zip(held, scales).lazy.filter { $1 > 0 }.map { ($0.traffic, $1) })
  }
}
