public import Model

extension TrafficMatrix {
  /// The traffic of several periods together, over the sum of their lengths.
  ///
  /// - Parameters:
  ///   - weights: of the periods, each finite and ≥ 0; equal unless given. Whatever their sum, the matrix is over as many
  ///     periods as there are. Those that are missing at the end are 0; where all are 0, the matrix is empty.
  ///   - members: only rows of which one of these is an end; nil: all.
  public init(periods: some Collection<GlobalPeriod>, weights: [Double]? = nil, touching members: Set<Endpoint>? = nil) {
    let weights = weights ?? Array(repeating: 1, count: periods.count)
    let largest = weights.prefix(periods.count).max() ?? 0
    // By the largest first, so that the sum is finite.
    let relative = largest > 0 ? weights.map { $0 / largest } : []
    let factor = relative.prefix(periods.count).reduce(0, +) / Double(periods.count)
    var sums = WeighedRows(of: periods.map(\.rows.table), touching: members)
    var seconds = 0.0
    let weighed = zip(periods, relative).filter { $1 > 0 }
    sums.add(weighed.map { ($0.rows, $1) })
    for (period, weight) in weighed { seconds += weight / factor * period.period.seconds }
    self.init(
      rows: sums.rows(dividedBy: factor).lazy.map {
        Row(
          source: $0.source, destination: $0.destination, packets: $0.packets, frameBytes: $0.frameBytes,
          ipBytes: $0.ipBytes, waits: $0.waits)
      }, hasWaits: true, windowSeconds: seconds)
  }
}

extension GlobalPeriod {
  /// Its traffic over its length.
  public var matrix: TrafficMatrix { TrafficMatrix(periods: CollectionOfOne(self)) }
}
