internal import Model

/// Rows of several periods, added up: exactly, and weighed.
///
/// Pairs are in one sorted array and their sums in a flat one beside it. Periods commonly have the same pairs, or nearly,
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
  /// Of each of those its number, and whether it is kept as zigzag.
  private let numbers: [Int]
  private let isSigned: [Bool]
  private(set) var keys: [UInt64] = []
  private(set) var flags: [Flags] = []
  /// Of rows with the first weight, modulo 2⁶⁴; column after column.
  private var sums: [UInt64] = []
  /// The weight of those.
  private var weight = 1.0
  /// Of rows with other weights, weighed; column after column, and none as long as there are none.
  private var totals: [Double] = []

  enum Figure: Int, CaseIterable {
    case packets, sentPackets, ipBytes, frameBytes, turns, matched, runs, shares
  }

  init(table: EndpointTable, columns: [Column] = Self.answered) {
    self.table = table
    self.columns = columns
    numbers = columns.map(\.rawValue)
    isSigned = columns.map(\.isSigned)
  }

  /// Adds some rows of all periods before the next ones: their sums stay in the nearest cache meanwhile.
  ///
  /// - Parameters:
  ///   - periods: rows of the same pairs, and what they weigh.
  ///   - numbers: in the table, of the rows' endpoints; nil: the same.
  ///   - selection: rows that are added, ascending; nil: all.
  mutating func add(_ periods: [(rows: PeriodRows, weight: Double)], numbers: [UInt32]?, only selection: [Int]? = nil) {
    guard let first = periods.first else { return }
    if keys.isEmpty { weight = first.weight }
    let places = places(of: first.rows.keys(numbers: numbers, only: selection))
    if totals.isEmpty, periods.contains(where: { $0.weight != weight }) {
      totals = Array(repeating: 0, count: sums.count)
    }
    var pieces = first.rows.packed.pieces(selection, to: places)[...]
    while let block = pieces.first {
      let some = pieces.prefix { $0.place < block.place + PackedColumns.rowsPerChunk }
      pieces = pieces.dropFirst(some.count)
      for (rows, weight) in periods { add(rows.packed, some, weight: weight) }
    }
  }

  private mutating func add(_ packed: PackedColumns, _ pieces: ArraySlice<PackedColumns.Piece>, weight: Double) {
    let (numbers, isSigned) = (numbers, isSigned)
    packed.forEach(Self.flagsAlone, of: pieces, changing: &flags) { flags, number, _ in
      flags.formUnion(.init(rawValue: number))
    }
    if weight == self.weight {
      packed.forEach(numbers, of: pieces, changing: &sums) { sum, number, column in
        sum &+= isSigned[column] ? number.unzigzagged : number
      }
    } else {
      packed.forEach(numbers, of: pieces, changing: &totals) { total, number, column in
        let number = isSigned[column] ? number.unzigzagged : number
        // Below 2⁶³ it is the same, and quicker than from a number without sign.
        let isSame = isSigned[column] || number >> 63 == 0
        total += weight * (isSame ? Double(Int64(bitPattern: number)) : Double(number))
      }
    }
  }

  private static let flagsAlone = [Column.flags.rawValue]

  /// Those in a row that have the same pairs together, none of them empty.
  static func alike(_ periods: [(rows: PeriodRows, weight: Double)]) -> [[(rows: PeriodRows, weight: Double)]] {
    var runs: [[(rows: PeriodRows, weight: Double)]] = []
    for period in periods {
      if let last = runs.last?.last, last.rows.pairs === period.rows.pairs {
        runs[runs.count - 1].append(period)
      } else {
        runs.append([period])
      }
    }
    return runs
  }

  /// Where the keys are, which are entered if need be; nil: they are all that there are.
  private mutating func places(of new: [UInt64]) -> [UInt32]? {
    if new == keys { return nil }
    if keys.isEmpty {
      keys = new
      flags = Array(repeating: [], count: new.count)
      sums = Array(repeating: 0, count: columns.count * new.count)
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
      sums = sums.spread(to: moved, of: merged.count, filling: 0)
      totals = totals.spread(to: moved, of: merged.count, filling: 0)
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
      let first = index * keys.count
      for row in figures.indices { figures[row] += factor * totals[first + row] }
    }
    return figures
  }

  /// Of all rows, exactly, where none were weighed.
  func sum(_ column: Column) -> [UInt64] {
    guard let index = columns.firstIndex(of: column) else { return Array(repeating: 0, count: keys.count) }
    return Array(sums[index * keys.count..<(index + 1) * keys.count])
  }
}

extension PeriodRows {
  /// - Parameter numbers: of the endpoints elsewhere; nil: as here.
  func keys(numbers: [UInt32]?, only selection: [Int]?) -> [UInt64] {
    var keys: [UInt64] = []
    func number(_ own: Int) -> Int { numbers.map { Int($0[own]) } ?? own }
    if let selection {
      keys.reserveCapacity(selection.count)
      let destinations = packed.numbers(Column.destination.rawValue, rows: selection)
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
}

extension PeriodRows.Column {
  /// Kept as zigzag.
  fileprivate var isSigned: Bool { self == .sentExcess || self == .frameExcess || self == .lag }
}

extension Array {
  /// Each element at its new place, in each of the columns that there are.
  fileprivate func spread(to places: [UInt32], of count: Int, filling empty: Element) -> [Element] {
    let columns = places.isEmpty ? 0 : self.count / places.count
    var spread = [Element](repeating: empty, count: columns * count)
    for column in 0..<columns {
      for (index, place) in places.enumerated() {
        spread[column * count + Int(place)] = self[column * places.count + index]
      }
    }
    return spread
  }
}
