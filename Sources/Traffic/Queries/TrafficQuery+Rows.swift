internal import Model

extension TrafficQuery {
  /// What a period has for the query, each count times `scale`; sorted by source, then destination.
  func rows(of traffic: GlobalPeriod, scale: Double) -> [TrafficStatistics.Row] {
    guard grouping == .asCounted else { return rows(of: CollectionOfOne((traffic, scale))) }
    return chosenRows(of: traffic).map { row in
      TrafficStatistics.Row(
        source: row.source, destination: row.destination, packets: Double(row.counts.packets) * scale,
        frameBytes: Double(row.counts.frameBytes) * scale, ipBytes: Double(row.counts.ipBytes) * scale,
        waits: row.waits * scale, sentPackets: row.sentPackets.map { Double($0) * scale }, bySender: row.bySender)
    }
  }

  /// What periods have for the query together, each count times its period's weight.
  func rows(of periods: some Sequence<(GlobalPeriod, Double)>) -> [TrafficStatistics.Row] {
    if grouping == .asCounted {
      var sums = WeighedRows()
      for (traffic, weight) in periods { sums.add(chosenRows(of: traffic), weight: weight) }
      return sums.rows
    }
    var sums = GroupedRows()
    for (traffic, weight) in periods {
      sums.add(chosenRows(of: traffic), parts: grouping.parts(in: traffic), weight: weight)
    }
    return sums.rows
  }

  private func chosenRows(of traffic: GlobalPeriod) -> [GlobalPeriod.Row] {
    guard let chosen = chosen(in: traffic) else { return traffic.rows }
    if chosen.isEmpty { return [] }
    return traffic.rows.filter { chosen.contains($0.source) || chosen.contains($0.destination) }
  }
}
