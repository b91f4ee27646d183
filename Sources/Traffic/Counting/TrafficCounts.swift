public import Model

/// Who sent how much to whom, per period and in all.
public struct TrafficCounts: Sendable {
  /// What was counted in one period.
  public struct PeriodRows: Equatable, Sendable {
    public let period: Period
    /// Empty where nothing but other or malformed packets came.
    public let rows: Rows
  }

  public let facts: TrafficFacts
  /// Every period with a packet, in order; none where no packet has a time.
  public let periods: [PeriodRows]
  /// All periods together.
  public let rows: Rows

  /// - Parameters:
  ///   - periodLength: nanoseconds.
  ///   - periods: the numbers of all periods with a packet, sorted.
  init(facts: TrafficFacts, periodLength: Int64, periods: [Int64], store: CountStore) {
    self.facts = facts
    let order = store.totalPlaces()
    rows = Rows(store, order[...], isTotal: true)
    self.periods = zip(periods, store.places(of: periods, order: order)).map { number, places in
      let start = Timestamp(nanoseconds: CurrentPeriod.start(of: number, length: periodLength))
      return PeriodRows(period: Period(start: start, length: periodLength), rows: Rows(store, places, isTotal: false))
    }
  }

  /// The rows of all periods together as a matrix over the time between the first packet and the last.
  public var matrix: TrafficMatrix {
    let window: Double? =
      if let start = facts.start, let end = facts.end {
        Double(UInt64(bitPattern: end.nanoseconds &- start.nanoseconds)) / 1e9
      } else {
        nil
      }
    return TrafficMatrix(
      rows: rows.lazy.map { row in
        TrafficMatrix.Row(
          source: .address(row.source), destination: .address(row.destination), packets: Double(row.counts.packets),
          frameBytes: Double(row.counts.frameBytes), ipBytes: Double(row.counts.ipBytes), waits: row.waits)
      }, hasWaits: true, windowSeconds: window)
  }
}
