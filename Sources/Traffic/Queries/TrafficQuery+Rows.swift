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
    guard grouping == .asCounted else { return rows(of: [.period(traffic, weight: scale)], dividedBy: 1) }
    func answer(_ row: GlobalPeriod.Row) -> TrafficStatistics.Row {
      TrafficStatistics.Row(
        source: row.source, destination: row.destination, packets: Double(row.counts.packets) * scale,
        frameBytes: Double(row.counts.frameBytes) * scale, ipBytes: Double(row.counts.ipBytes) * scale,
        waits: row.waits * scale, sentPackets: row.sentPackets.map { Double($0) * scale }, bySender: row.bySender)
    }
    guard let chosen = chosen(in: traffic) else { return traffic.rows.map(answer) }
    return traffic.rows.touching(chosen).map(answer)
  }

  /// What periods have for the query together, each count times its part's weight.
  func rows(of parts: [QueryPart], dividedBy divisor: Double) -> [TrafficStatistics.Row] {
    if grouping == .asCounted {
      var sums = WeighedRows(of: parts.map(\.rows.table), touching: fixedChoice)
      for part in parts {
        if case .period(let traffic, let weight) = part, !isOfSums {
          sums.add(traffic.rows, touching: chosen(in: traffic), weight: weight)
        } else {
          sums.add(part.rows, weight: part.weight)
        }
      }
      return sums.rows(dividedBy: divisor)
    }
    var sums = GroupedRows()
    for case .period(let traffic, let weight) in parts {
      let parts = grouping.parts(in: traffic)
      if let chosen = chosen(in: traffic) {
        sums.add(traffic.rows.touching(chosen), parts: parts, weight: weight / divisor)
      } else {
        sums.add(traffic.rows, parts: parts, weight: weight / divisor)
      }
    }
    return sums.rows
  }
}
