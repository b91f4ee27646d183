internal import Model

/// What was counted, where it was counted: rows are made of it when they are asked for, so that a result needs little more
/// memory than the counting did.
///
/// A *place* tells a row: an index, doubled, and one more for the backward direction. Indices below the number of pairs
/// mean a pair and its last period, those beyond it an entry of the ledger.
final class CountStore: Sendable {
  private let pairs: ChunkedArray<PairState>
  private let entries: ChunkedArray<PeriodLedger.Entry>
  /// Of each pair over all its periods; none where no pair has more than one.
  private let totals: ChunkedArray<PairRows>

  init(pairs: consuming ChunkedArray<PairState>, entries: consuming ChunkedArray<PeriodLedger.Entry>) {
    var totals = ChunkedArray<PairRows>()
    if entries.count > 0 {
      for pair in 0..<pairs.count { totals.append(pairs[pair].rows) }
      for entry in 0..<entries.count { totals[Int(entries[entry].pair)] += entries[entry].rows }
    }
    self.pairs = pairs
    self.entries = entries
    self.totals = totals
  }

  func row(at place: UInt32, isTotal: Bool) -> TrafficCounts.Row {
    let pair = pair(of: place)
    let key = pairs[pair].key
    let rows = isTotal ? total(of: pair) : rows(at: place)
    return place & 1 == 0
      ? TrafficCounts.Row(source: key.first, destination: key.second, counts: rows.forward, opposite: rows.backward)
      : TrafficCounts.Row(source: key.second, destination: key.first, counts: rows.backward, opposite: rows.forward)
  }

  private func pair(of place: UInt32) -> Int {
    let index = Int(place >> 1)
    return index < pairs.count ? index : Int(entries[index - pairs.count].pair)
  }

  private func rows(at place: UInt32) -> PairRows {
    let index = Int(place >> 1)
    return index < pairs.count ? pairs[index].rows : entries[index - pairs.count].rows
  }

  private func period(of place: UInt32) -> Int64 {
    let index = Int(place >> 1)
    return index < pairs.count ? pairs[index].period : entries[index - pairs.count].period
  }

  private func total(of pair: Int) -> PairRows {
    totals.count > 0 ? totals[pair] : pairs[pair].rows
  }

  /// The places of all directions in which a packet went, sorted by source, then destination.
  func totalPlaces() -> [UInt32] {
    var v4: [Numbered] = []
    var v6: [UInt32] = []
    for pair in 0..<pairs.count {
      let key = pairs[pair].key
      let rows = total(of: pair)
      for (place, counts) in [(UInt32(2 * pair), rows.forward), (UInt32(2 * pair + 1), rows.backward)]
      where counts.packets > 0 {
        if key.isV6 {
          v6.append(place)
        } else {
          let isForward = place & 1 == 0
          let number = isForward ? key.firstLow << 32 | key.secondLow : key.secondLow << 32 | key.firstLow
          v4.append(Numbered(number: number, place: place))
        }
      }
    }
    v4.sort { $0.number < $1.number }
    v6.sort { ends(of: $0) < ends(of: $1) }
    return v4.map(\.place) + v6
  }

  private struct Numbered {
    var number: UInt64
    var place: UInt32
  }

  /// Source and destination, as numbers.
  private func ends(of place: UInt32) -> (UInt64, UInt64, UInt64, UInt64) {
    let key = pairs[pair(of: place)].key
    return place & 1 == 0
      ? (key.firstHigh, key.firstLow, key.secondHigh, key.secondLow)
      : (key.secondHigh, key.secondLow, key.firstHigh, key.firstLow)
  }

  /// The places of each period's rows that say anything, of directions in which a packet went in any period.
  ///
  /// - Parameters:
  ///   - periods: the numbers of all periods, sorted.
  ///   - order: the places of the totals, sorted.
  func places(of periods: [Int64], order: [UInt32]) -> [ArraySlice<UInt32>] {
    if periods.count == 1 { return [order[...]] }
    var rank = [UInt32](repeating: .max, count: 2 * pairs.count)
    for (position, place) in order.enumerated() { rank[Int(place)] = UInt32(position) }
    let numbers = Dictionary(uniqueKeysWithValues: zip(periods, 0...))
    var numbered: [Numbered] = []
    for place in 0..<UInt32(2 * (pairs.count + entries.count)) {
      let rows = rows(at: place)
      let position = rank[2 * pair(of: place) + Int(place & 1)]
      guard position != .max, (place & 1 == 0 ? rows.forward : rows.backward) != PairCounts(),
        let number = numbers[period(of: place)]
      else { continue }
      numbered.append(Numbered(number: UInt64(number) << 32 | UInt64(position), place: place))
    }
    numbered.sort { $0.number < $1.number }
    var slices: [ArraySlice<UInt32>] = []
    let places = numbered.map(\.place)
    var start = 0
    for number in 0..<UInt64(periods.count) {
      let end = numbered[start...].firstIndex { $0.number >> 32 > number } ?? numbered.count
      slices.append(places[start..<end])
      start = end
    }
    return slices
  }
}
