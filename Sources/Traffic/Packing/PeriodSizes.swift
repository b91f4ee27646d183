/// What periods take in memory together: endpoints that several of them share count once.
public struct PeriodSizes {
  private var tables: Set<ObjectIdentifier> = []
  public private(set) var bytes = 0

  public init() {}

  public mutating func add(_ period: GlobalPeriod) {
    bytes += period.byteCount
    add(period.rows.table)
  }

  public mutating func add(_ sums: PeriodSums) {
    for rows in sums.rows {
      bytes += rows.byteCount
      add(rows.table)
    }
  }

  private mutating func add(_ table: EndpointTable) {
    if tables.insert(ObjectIdentifier(table)).inserted { bytes += table.byteCount }
  }
}
