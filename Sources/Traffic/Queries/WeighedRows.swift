internal import Model

/// Rows of several periods, weighed and added. Waits are derived from the sums.
struct WeighedRows {
  private var pairs: [OrderedPair: Sums] = [:]

  private struct Sums {
    var packets = 0.0
    var frameBytes = 0.0
    var ipBytes = 0.0
    var sentPackets: Double? = 0
    var bySender = false
    var received = false
    var waits = WaitSums()

    mutating func add(_ row: GlobalPeriod.Row, weight: Double) {
      packets += weight * Double(row.counts.packets)
      frameBytes += weight * Double(row.counts.frameBytes)
      ipBytes += weight * Double(row.counts.ipBytes)
      if let known = sentPackets, let sent = row.sentPackets {
        sentPackets = known + weight * Double(sent)
      } else {
        sentPackets = nil
      }
      if row.bySender { bySender = true } else { received = true }
      waits.add(row.counts, weight: weight)
    }
  }

  mutating func add(_ rows: some Sequence<GlobalPeriod.Row>, weight: Double) {
    for row in rows { pairs[OrderedPair(row), default: Sums()].add(row, weight: weight) }
  }

  /// Sorted by source, then destination.
  var rows: [TrafficStatistics.Row] {
    pairs.map { pair, sums in
      let opposite = pairs[pair.opposite]?.waits ?? WaitSums()
      // Of an end that nobody saw the waits are taken to be those of the other.
      let waits = sums.received ? sums.waits.waits(opposite: opposite) : opposite.waits(opposite: WaitSums())
      return TrafficStatistics.Row(
        source: pair.source, destination: pair.destination, packets: sums.packets, frameBytes: sums.frameBytes,
        ipBytes: sums.ipBytes, waits: waits, sentPackets: sums.sentPackets, bySender: sums.bySender)
    }.sorted { ($0.source, $0.destination) < ($1.source, $1.destination) }
  }
}
