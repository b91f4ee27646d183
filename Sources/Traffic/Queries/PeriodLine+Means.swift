internal import Model

extension PeriodLine {
  /// - Returns: nil where all weights are 0.
  func content(
    _ query: TrafficQuery, _ held: [HeldPeriod], count: Int
  ) throws(TrafficQueryError) -> TrafficStatistics.Content? {
    switch query.answer {
    case .detail: return .periods(held.map { detail($0, query) })
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
    var sums = WeighedRows()
    for (period, weight) in zip(held, weights) where weight > 0 {
      sums.add(rows(period, query), weight: weight / sum * (Double(length) / Double(period.traffic.period.length)))
    }
    return sums.rows
  }

  private func detail(_ held: HeldPeriod, _ query: TrafficQuery) -> TrafficStatistics.PeriodStatistics {
    let scale = Double(held.period.length) / Double(held.traffic.period.length)
    return TrafficStatistics.PeriodStatistics(
      period: held.period, isComplete: !held.isCopy && held.traffic.isComplete,
      missingHosts: held.traffic.incompleteHosts,
      rows: rows(held, query).map { row in
        TrafficStatistics.Row(
          source: row.source, destination: row.destination, packets: Double(row.counts.packets) * scale,
          frameBytes: Double(row.counts.frameBytes) * scale, ipBytes: Double(row.counts.ipBytes) * scale,
          waits: row.waits * scale, sentPackets: row.sentPackets.map { Double($0) * scale }, bySender: row.bySender)
      })
  }

  private func rows(_ held: HeldPeriod, _ query: TrafficQuery) -> [GlobalPeriod.Row] {
    guard let endpoints = query.endpoints else { return held.traffic.rows }
    return held.traffic.rows.filter { endpoints.contains($0.source) || endpoints.contains($0.destination) }
  }
}
