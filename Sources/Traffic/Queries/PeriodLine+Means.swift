internal import Model

extension PeriodLine {
  /// - Returns: nil where all weights are 0.
  func content(
    _ query: TrafficQuery, _ held: [HeldPeriod], count: Int
  ) throws(TrafficQueryError) -> TrafficStatistics.Content? {
    switch query.answer {
    case .detail: return .periods(held.map { .init($0, query) })
    case .mean: return .mean(mean(query, held))
    case .coefficient(let coefficient):
      return .mean(mean(query, held, weights: Self.weights(coefficient, held.map(\.position))))
    case .weights(let weights):
      guard weights.count == count else {
        throw TrafficQueryError("\(weights.count) weights for \(count) periods: give as many weights as periods")
      }
      let own = held.map { weights[$0.position] }
      guard let largest = own.max(), largest > 0 else { return nil }
      // By a power of two: whole weights stay exact.
      let scale = largest.binade
      return .mean(mean(query, held, weights: own.map { $0 / scale }))
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

  /// - Parameter weights: at least one of them from 1 to 2, none more; nil: all weigh the same.
  private func mean(
    _ query: TrafficQuery, _ held: [HeldPeriod], weights: [Double]? = nil
  ) -> [TrafficStatistics.Row] {
    guard query.grouping != .asCounted else { return countedMean(query, held, weights: weights) }
    var counted = query
    counted.grouping = .asCounted
    let unsettled = query.grouping.unsettled(in: held.map(\.traffic))
    var sums = GroupedRows(parts: held.first.map { query.grouping.parts(in: $0.traffic) } ?? [:], unsettled: unsettled)
    // What stays where it is is added up first, which is quick, and then taken together.
    for row in countedMean(counted, held, weights: weights) where !sums.isUnsettled(row.source, row.destination) {
      sums.add(row)
    }
    guard !unsettled.isEmpty else { return sums.rows }
    let divisor = divisor(held, weights)
    for (index, period) in held.enumerated() {
      let weight = (weights?[index] ?? 1) * factor(period) / divisor
      guard weight > 0 else { continue }
      let chosen = counted.chosen(in: period.traffic)
      let parts = query.grouping.parts(of: unsettled, in: period.traffic)
      for row in period.traffic.rows.touching(unsettled)
      where chosen.map({ $0.contains(row.source) || $0.contains(row.destination) }) ?? true {
        sums.add(TrafficStatistics.Row(row, scale: weight), parts: parts)
      }
    }
    return sums.rows
  }

  private func countedMean(
    _ query: TrafficQuery, _ held: [HeldPeriod], weights: [Double]?
  ) -> [TrafficStatistics.Row] {
    guard let weights else { return countedMean(query, held) }
    let parts = zip(held, weights).filter { $1 > 0 }.map { QueryPart.period($0.traffic, weight: $1 * factor($0)) }
    return query.rows(of: parts, dividedBy: divisor(held, weights))
  }

  private func divisor(_ held: [HeldPeriod], _ weights: [Double]?) -> Double {
    weights?.reduce(0, +) ?? Double(held.reduce(0) { $0 + ($1.isCopy ? 1 : $1.traffic.parts) })
  }

  /// All weigh the same, so that sums that are kept stand for the periods in them.
  private func countedMean(_ query: TrafficQuery, _ held: [HeldPeriod]) -> [TrafficStatistics.Row] {
    var parts: [QueryPart] = []
    var periods = held[...]
    while let first = periods.first {
      if query.isOfSums, let sum = self.sums.sum(from: first.period), first.stands(for: sum.span, in: periods) {
        parts.append(.sum(sum.rows, weight: factor(first)))
        periods.removeFirst(PeriodSums.size)
      } else {
        parts.append(.period(first.traffic, weight: factor(first)))
        periods.removeFirst()
      }
    }
    // Those with one weight in a row, since each change of it costs as much as a period.
    return query.rows(of: parts.sorted { $0.weight < $1.weight }, dividedBy: divisor(held, nil))
  }

  /// What makes of a period's counts those of one of the present length; of several periods' together, as many times that.
  private func factor(_ held: HeldPeriod) -> Double {
    Double(length) / Double(held.traffic.partLength) / (held.isCopy ? Double(held.traffic.parts) : 1)
  }
}

extension HeldPeriod {
  /// Whether the periods from this one on are all of a span, each of them itself.
  fileprivate func stands(for span: Period, in periods: ArraySlice<HeldPeriod>) -> Bool {
    let own = periods.prefix(PeriodSums.size)
    return own.count == PeriodSums.size && own.last?.period.end == span.end
      && own.allSatisfy { !$0.isCopy && !$0.traffic.isRolledUp && $0.period.length == period.length }
  }
}
