internal import Model

/// The rows of a report by the numbers of their endpoints: a VM may have several taps.
struct LiveRows {
  private struct Row {
    let source: UInt32
    let destination: UInt32
    var counts: PairCounts
  }

  private var received: [UInt64: Int] = [:]
  private var sent: [UInt64: Int] = [:]
  private var receivedRows: [Row] = []
  private var sentRows: [Row] = []

  mutating func addReceived(_ source: UInt32, _ destination: UInt32, _ counts: PairCounts) {
    Self.add(source, destination, counts, &received, &receivedRows)
  }

  mutating func addSent(_ source: UInt32, _ destination: UInt32, _ counts: PairCounts) {
    Self.add(source, destination, counts, &sent, &sentRows)
  }

  private static func add(
    _ source: UInt32, _ destination: UInt32, _ counts: PairCounts, _ places: inout [UInt64: Int], _ rows: inout [Row]
  ) {
    let key = UInt64(source) << 32 | UInt64(destination)
    if let place = places[key] {
      rows[place].counts += counts
    } else {
      places[key] = rows.count
      rows.append(Row(source: source, destination: destination, counts: counts))
    }
  }

  func received(_ endpoints: borrowing LiveEndpoints) -> [SensorReport.Row] { Self.named(receivedRows, endpoints) }
  func sent(_ endpoints: borrowing LiveEndpoints) -> [SensorReport.Row] { Self.named(sentRows, endpoints) }

  private static func named(_ rows: [Row], _ endpoints: borrowing LiveEndpoints) -> [SensorReport.Row] {
    var named: [SensorReport.Row] = []
    named.reserveCapacity(rows.count)
    for row in rows {
      named.append(
        SensorReport.Row(
          source: endpoints[row.source], destination: endpoints[row.destination], counts: row.counts))
    }
    return named
  }
}
