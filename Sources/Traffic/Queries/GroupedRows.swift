internal import Model

/// Rows of several periods whose ends are taken together, weighed and added. Their waits add up as each period has
/// them: other than of a pair, nobody could tell from sums what waited for what.
struct GroupedRows {
  private var names: [Endpoint] = []
  private var numbers: [Endpoint: Int] = [:]
  private var pairs: [Pair: TrafficStatistics.Row] = [:]

  /// Numbers of names.
  private struct Pair: Hashable {
    var source: Int
    var destination: Int
  }

  private typealias Part = (number: Int, share: Double)

  /// - Parameter parts: what endpoints count to; others count to themselves.
  mutating func add(
    _ rows: some Sequence<GlobalPeriod.Row>, parts: [Endpoint: [TrafficQuery.Grouping.Part]], weight: Double
  ) {
    var known: [Endpoint: [Part]] = [:]
    func look(up endpoint: Endpoint) -> [Part] {
      if let found = known[endpoint] { return found }
      let found =
        parts[endpoint].map { $0.map { (number(of: $0.name), $0.share) } } ?? [(number(of: endpoint), 1)]
      known[endpoint] = found
      return found
    }
    // Rows of a source are in a row.
    var latest: (endpoint: Endpoint, parts: [Part])?
    for row in rows {
      let sources: [Part]
      if let latest, latest.endpoint == row.source {
        sources = latest.parts
      } else {
        sources = look(up: row.source)
        latest = (row.source, sources)
      }
      for destination in look(up: row.destination) {
        for source in sources {
          add(
            row, to: Pair(source: source.number, destination: destination.number),
            weight: weight * source.share * destination.share)
        }
      }
    }
  }

  private mutating func number(of name: Endpoint) -> Int {
    if let known = numbers[name] { return known }
    let number = names.count
    numbers[name] = number
    names.append(name)
    return number
  }

  private mutating func add(_ row: GlobalPeriod.Row, to pair: Pair, weight: Double) {
    let empty = TrafficStatistics.Row(
      source: names[pair.source], destination: names[pair.destination], packets: 0, frameBytes: 0, ipBytes: 0, waits: 0,
      sentPackets: 0, bySender: false)
    pairs[pair, default: empty].add(row, weight: weight)
  }

  /// Sorted by source, then destination.
  var rows: [TrafficStatistics.Row] {
    pairs.values.sorted { ($0.source, $0.destination) < ($1.source, $1.destination) }
  }
}

extension TrafficStatistics.Row {
  fileprivate mutating func add(_ row: GlobalPeriod.Row, weight: Double) {
    packets += weight * Double(row.counts.packets)
    frameBytes += weight * Double(row.counts.frameBytes)
    ipBytes += weight * Double(row.counts.ipBytes)
    waits += weight * row.waits
    if let known = sentPackets, let sent = row.sentPackets {
      sentPackets = known + weight * Double(sent)
    } else {
      sentPackets = nil
    }
    bySender = bySender || row.bySender
  }
}
