internal import Model

/// Rows of several periods, added up: exactly, and weighed.
///
/// Pairs are in one sorted array and their sums in flat ones beside it. Periods commonly have the same pairs, or nearly,
/// so that most of an addition goes through columns, row by row.
struct RowSums {
  typealias Column = PeriodRows.Column
  typealias Flags = PeriodRows.Flags

  /// What answers need of counts.
  static let answered: [Column] = [
    .packets, .sentExcess, .ipBytes, .frameExcess, .turns, .matched, .runs, .shares,
  ]
  /// All that adds up.
  static let all = answered + [.rounds, .windows, .lag]

  /// Has the endpoints of all that is added.
  let table: EndpointTable
  private let columns: [Column]
  private(set) var keys: [UInt64] = []
  private(set) var flags: [Flags] = []
  /// Of rows with the first weight, modulo 2⁶⁴; by the order of `columns`.
  private var sums: [[UInt64]]
  /// The weight of those.
  private var weight = 1.0
  /// Of rows with other weights, weighed; by the order of `columns`, and none as long as there are none.
  private var totals: [[Double]] = []
  /// Of the rows that were added last, among all; nil: they are all that there are.
  private var places: [UInt32]?

  enum Figure: Int, CaseIterable {
    case packets, sentPackets, ipBytes, frameBytes, turns, matched, runs, shares
  }

  init(table: EndpointTable, columns: [Column] = Self.answered) {
    self.table = table
    self.columns = columns
    sums = columns.map { _ in [] }
  }

  /// - Parameters:
  ///   - numbers: in the table, of the rows' endpoints; nil: the same.
  ///   - selection: rows that are added, ascending; nil: all.
  mutating func add(_ rows: PeriodRows, numbers: [UInt32]?, only selection: [Int]? = nil, weight: Double = 1) {
    if keys.isEmpty { self.weight = weight }
    places = places(of: rows.keys(numbers: numbers, only: selection))
    addAgain(rows, only: selection, weight: weight)
  }

  /// Rows of the same pairs as those that were added last.
  mutating func addAgain(_ rows: PeriodRows, only selection: [Int]?, weight: Double) {
    if weight != self.weight, totals.isEmpty { totals = columns.map { _ in Array(repeating: 0, count: keys.count) } }
    rows.read(columns + [.flags], only: selection) { index, numbers, first in
      if index == columns.count {
        flags.add(numbers, at: first, places) { $0.formUnion(.init(rawValue: $1)) }
      } else if weight == self.weight {
        // Taken out, so that they are changed in place.
        var sum: [UInt64] = []
        swap(&sum, &sums[index])
        sum.add(numbers, at: first, places) { $0 &+= $1 }
        swap(&sum, &sums[index])
      } else {
        var total: [Double] = []
        swap(&total, &totals[index])
        let isSigned = columns[index].isSigned
        total.add(numbers, at: first, places) { total, number in
          // Below 2⁶³ it is the same, and quicker than from a number without sign; signs are those of differences.
          let isSame = isSigned || number >> 63 == 0
          total += weight * (isSame ? Double(Int64(bitPattern: number)) : Double(number))
        }
        swap(&total, &totals[index])
      }
    }
  }

  /// Where the keys are, which are entered if need be; nil: they are all that there are.
  private mutating func places(of new: [UInt64]) -> [UInt32]? {
    if new == keys { return nil }
    if keys.isEmpty {
      keys = new
      flags = Array(repeating: [], count: new.count)
      for index in sums.indices { sums[index] = Array(repeating: 0, count: new.count) }
      return nil
    }
    var merged: [UInt64] = []
    merged.reserveCapacity(max(keys.count, new.count))
    var places: [UInt32] = []
    places.reserveCapacity(new.count)
    /// Of those that there were.
    var moved: [UInt32] = []
    moved.reserveCapacity(keys.count)
    var (left, right) = (0, 0)
    while left < keys.count || right < new.count {
      let place = UInt32(merged.count)
      let one = left < keys.count ? keys[left] : .max
      let two = right < new.count ? new[right] : .max
      merged.append(min(one, two))
      if one <= two {
        moved.append(place)
        left += 1
      }
      if two <= one {
        places.append(place)
        right += 1
      }
    }
    if merged.count > keys.count {
      for index in sums.indices { sums[index] = sums[index].spread(to: moved, of: merged.count, filling: 0) }
      for index in totals.indices { totals[index] = totals[index].spread(to: moved, of: merged.count, filling: 0) }
      flags = flags.spread(to: moved, of: merged.count, filling: [])
      keys = merged
    }
    return places
  }

  /// A figure of each row, weighed.
  func figures(_ figure: Figure) -> [Double] {
    let packets = sum(.packets)
    switch figure {
    case .packets: return weighed(packets, [.packets])
    case .sentPackets:
      return weighed(zip(packets, sum(.sentExcess)).map { $0 &+ $1 }, [.packets, .sentExcess])
    case .ipBytes: return weighed(sum(.ipBytes), [.ipBytes])
    case .frameBytes:
      let excess = sum(.frameExcess)
      let bytes = zip(packets, sum(.ipBytes)).enumerated().map { $1.1 &+ 14 &* $1.0 &+ excess[$0] }
      return weighed(bytes, [.ipBytes, .frameExcess], packets: 14)
    case .turns: return weighed(sum(.turns), [.turns])
    case .matched: return weighed(sum(.matched), [.matched])
    case .runs: return weighed(sum(.runs), [.runs])
    case .shares: return weighed(sum(.shares), [.shares])
    }
  }

  /// - Parameters:
  ///   - sums: of the rows with the first weight.
  ///   - others: columns whose totals are added to that.
  ///   - packets: and how often that of the packets.
  private func weighed(_ sums: [UInt64], _ others: [Column], packets: Double = 0) -> [Double] {
    var figures = sums.map { weight * Double($0) }
    guard !totals.isEmpty else { return figures }
    for (column, factor) in others.map({ ($0, 1) }) + (packets == 0 ? [] : [(.packets, packets)]) {
      guard let index = columns.firstIndex(of: column) else { continue }
      let total = totals[index]
      for row in figures.indices { figures[row] += factor * total[row] }
    }
    return figures
  }

  /// Of all rows, exactly, where none were weighed.
  func sum(_ column: Column) -> [UInt64] {
    columns.firstIndex(of: column).map { sums[$0] } ?? Array(repeating: 0, count: keys.count)
  }
}

extension PeriodRows {
  /// - Parameter numbers: of the endpoints elsewhere; nil: as here.
  func keys(numbers: [UInt32]?, only selection: [Int]?) -> [UInt64] {
    var keys: [UInt64] = []
    func number(_ own: Int) -> Int { numbers.map { Int($0[own]) } ?? own }
    if let selection {
      keys.reserveCapacity(selection.count)
      let destinations = packed.numbers([Column.destination.rawValue], rows: selection)
      // Ascending, so that the source only grows.
      var source = 0
      for (index, row) in selection.enumerated() {
        while Int(starts[source + 1]) <= row { source += 1 }
        keys.append(Self.key(number(source), number(Int(destinations[index]))))
      }
      return keys
    }
    keys.reserveCapacity(count)
    var (source, chunkNumbers) = (0, [UInt64](repeating: 0, count: PackedColumns.rowsPerChunk))
    for chunk in 0..<packed.chunkCount {
      packed.read(Column.destination.rawValue, chunk: chunk, into: &chunkNumbers)
      let range = packed.rows(of: chunk)
      for row in range {
        while Int(starts[source + 1]) <= row { source += 1 }
        keys.append(Self.key(number(source), number(Int(chunkNumbers[row - range.lowerBound]))))
      }
    }
    return keys
  }

  /// Tells columns' numbers, with their signs modulo 2⁶⁴, in pieces: of which column, by its place among them, and
  /// beginning with which of the rows that are wanted.
  fileprivate func read(
    _ columns: [Column], only selection: [Int]?,
    _ take: (_ column: Int, _ numbers: ArraySlice<UInt64>, _ first: Int) -> Void
  ) {
    if let selection {
      var numbers = packed.numbers(columns.map(\.rawValue), rows: selection)
      for (index, column) in columns.enumerated() {
        let range = index * selection.count..<(index + 1) * selection.count
        if column.isSigned { for place in range { numbers[place] = numbers[place].unzigzagged } }
        take(index, numbers[range], 0)
      }
      return
    }
    var numbers = [UInt64](repeating: 0, count: PackedColumns.rowsPerChunk)
    for (index, column) in columns.enumerated() {
      for chunk in 0..<packed.chunkCount {
        if packed.constant(column.rawValue, chunk: chunk) == 0 { continue }
        packed.read(column.rawValue, chunk: chunk, into: &numbers)
        let range = packed.rows(of: chunk)
        if column.isSigned {
          for index in 0..<range.count { numbers[index] = numbers[index].unzigzagged }
        }
        take(index, numbers[..<range.count], range.lowerBound)
      }
    }
  }
}

extension Array {
  /// Changes elements by numbers, each by one.
  ///
  /// - Parameters:
  ///   - first: which of those that are added is the first of the numbers.
  ///   - places: of all that are added; nil: as they are.
  @inline(__always)
  fileprivate mutating func add(
    _ numbers: ArraySlice<UInt64>, at first: Int, _ places: [UInt32]?, by change: (inout Element, UInt64) -> Void
  ) {
    var elements = mutableSpan
    let numbers = numbers.span
    if let places {
      let places = places.span
      for index in 0..<numbers.count { change(&elements[Int(places[first + index])], numbers[index]) }
    } else {
      for index in 0..<numbers.count { change(&elements[first + index], numbers[index]) }
    }
  }
}

extension PeriodRows.Column {
  /// Kept as zigzag.
  fileprivate var isSigned: Bool { self == .sentExcess || self == .frameExcess || self == .lag }
}

extension Array {
  /// Each element at its new place.
  fileprivate func spread(to places: [UInt32], of count: Int, filling empty: Element) -> [Element] {
    var spread = [Element](repeating: empty, count: count)
    for (element, place) in zip(self, places) { spread[Int(place)] = element }
    return spread
  }
}
