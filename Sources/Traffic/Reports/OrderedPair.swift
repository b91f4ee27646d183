internal import Model

/// Source and destination of a row.
struct OrderedPair: Hashable {
  let source: Endpoint
  let destination: Endpoint

  init(source: Endpoint, destination: Endpoint) {
    self.source = source
    self.destination = destination
  }

  init(_ row: SensorReport.Row) { self.init(source: row.source, destination: row.destination) }
  init(_ row: GlobalPeriod.Row) { self.init(source: row.source, destination: row.destination) }

  var opposite: OrderedPair { OrderedPair(source: destination, destination: source) }
}
