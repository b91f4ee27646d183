internal import Model

/// Rows whose ends are taken together, added up. Their waits add up too: other than of a pair, nobody could tell from
/// sums what waited for what.
struct GroupedRows {
  typealias Parts = [Endpoint: [TrafficQuery.Grouping.Part]]

  private let parts: Parts
  private let unsettled: Set<Endpoint>
  private var names: [Endpoint] = []
  private var numbers: [Endpoint: Int] = [:]
  /// Of endpoints that were looked up.
  private var known: [Endpoint: [NumberedPart]] = [:]
  private var pairs: [Pair: TrafficStatistics.Row] = [:]

  /// Numbers of names.
  private struct Pair: Hashable {
    var source: Int
    var destination: Int
  }

  private typealias NumberedPart = (number: Int, share: Double)

  /// - Parameters:
  ///   - parts: what endpoints count to; others count to themselves.
  ///   - unsettled: those of which each row says it.
  init(parts: Parts, unsettled: Set<Endpoint> = []) {
    self.parts = parts
    self.unsettled = unsettled
  }

  func isUnsettled(_ source: Endpoint, _ destination: Endpoint) -> Bool {
    !unsettled.isEmpty && (unsettled.contains(source) || unsettled.contains(destination))
  }

  /// - Parameter parts: what unsettled endpoints count to.
  mutating func add(_ row: TrafficStatistics.Row, parts: Parts = [:]) {
    let destinations = look(up: row.destination, parts)
    for source in look(up: row.source, parts) {
      for destination in destinations {
        let pair = Pair(source: source.number, destination: destination.number)
        add(row, to: pair, share: source.share * destination.share)
      }
    }
  }

  private mutating func look(up endpoint: Endpoint, _ own: Parts) -> [NumberedPart] {
    if !unsettled.isEmpty, unsettled.contains(endpoint) { return numbered(own[endpoint], of: endpoint) }
    if let found = known[endpoint] { return found }
    let found = numbered(parts[endpoint], of: endpoint)
    known[endpoint] = found
    return found
  }

  private mutating func numbered(
    _ parts: [TrafficQuery.Grouping.Part]?, of endpoint: Endpoint
  ) -> [NumberedPart] {
    guard let parts else { return [(number(of: endpoint), 1)] }
    return parts.map { (number(of: $0.name), $0.share) }
  }

  private mutating func number(of name: Endpoint) -> Int {
    if let known = numbers[name] { return known }
    let number = names.count
    numbers[name] = number
    names.append(name)
    return number
  }

  private mutating func add(_ row: TrafficStatistics.Row, to pair: Pair, share: Double) {
    let empty = TrafficStatistics.Row(
      source: names[pair.source], destination: names[pair.destination], packets: 0, frameBytes: 0, ipBytes: 0, waits: 0,
      sentPackets: 0, bySender: false)
    pairs[pair, default: empty].add(row, share: share)
  }

  /// Sorted by source, then destination.
  var rows: [TrafficStatistics.Row] {
    pairs.values.sorted { ($0.source, $0.destination) < ($1.source, $1.destination) }
  }
}

extension TrafficStatistics.Row {
  /// A period's row, each count times `scale`.
  init(_ row: GlobalPeriod.Row, scale: Double) {
    self.init(
      source: row.source, destination: row.destination, packets: Double(row.counts.packets) * scale,
      frameBytes: Double(row.counts.frameBytes) * scale, ipBytes: Double(row.counts.ipBytes) * scale,
      waits: row.waits * scale, sentPackets: row.sentPackets.map { Double($0) * scale }, bySender: row.bySender)
  }

  fileprivate mutating func add(_ row: TrafficStatistics.Row, share: Double) {
    packets += share * row.packets
    frameBytes += share * row.frameBytes
    ipBytes += share * row.ipBytes
    waits += share * row.waits
    if let known = sentPackets, let sent = row.sentPackets {
      sentPackets = known + share * sent
    } else {
      sentPackets = nil
    }
    bySender = bySender || row.bySender
  }
}
