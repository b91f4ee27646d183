internal import Model

/// What a mean is made of.
enum QueryPart {
  case period(GlobalPeriod, weight: Double)
  /// Of several periods in a row.
  case sum(PeriodRows, weight: Double)

  var weight: Double {
    switch self {
    case .period(_, let weight), .sum(_, let weight): weight
    }
  }

  var rows: PeriodRows {
    switch self {
    case .period(let traffic, _): traffic.rows
    case .sum(let rows, _): rows
    }
  }
}

extension TrafficQuery {
  /// Whether sums of periods will do: where VMs were doesn't matter.
  var isOfSums: Bool { grouping == .asCounted && places?.hosts.isEmpty ?? true }

  /// What a period has for the query, each count times `scale`; sorted by source, then destination.
  func rows(of traffic: GlobalPeriod, scale: Double) -> [TrafficStatistics.Row] {
    let rows =
      chosen(in: traffic).map { traffic.rows.touching($0).map { TrafficStatistics.Row($0, scale: scale) } }
      ?? traffic.rows.map { TrafficStatistics.Row($0, scale: scale) }
    guard grouping != .asCounted else { return rows }
    var sums = GroupedRows(parts: grouping.parts(in: traffic))
    for row in rows { sums.add(row) }
    return sums.rows
  }

  /// What periods have for the query together, as it was counted, each count times its part's weight.
  func rows(of parts: [QueryPart], dividedBy divisor: Double) -> [TrafficStatistics.Row] {
    var sums = WeighedRows(of: parts.map(\.rows.table), touching: fixedChoice)
    if isOfSums {
      sums.add(parts.map { ($0.rows, $0.weight) })
    } else {
      // No sums are among them: those of periods don't tell where VMs were.
      for case .period(let traffic, let weight) in parts {
        sums.add(traffic.rows, touching: chosen(in: traffic), weight: weight)
      }
    }
    return sums.rows(dividedBy: divisor)
  }
}
