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
  /// Of rows with one weight, modulo 2⁶⁴; by the order of `columns`.
  private var sums: [[UInt64]]
  /// The weight of those.
  private var weight = 1.0
  /// Of rows with other weights, weighed; by the order of `Figure`.
  private var totals: [[Double]] = []

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
    if weight != self.weight {
      settle()
      self.weight = weight
    }
    let places = places(of: rows.keys(numbers: numbers, only: selection))
    for (index, column) in columns.enumerated() {
      // Taken out, so that it is changed in place.
      var sum: [UInt64] = []
      swap(&sum, &sums[index])
      rows.add(column, only: selection, to: &sum, at: places)
      swap(&sum, &sums[index])
    }
    if let selection {
      var numbers = [UInt64](repeating: 0, count: selection.count)
      rows.packed.read(Column.flags.rawValue, rows: selection, into: &numbers)
      for index in selection.indices { note(Flags(rawValue: numbers[index]), at: places?[index] ?? UInt32(index)) }
    } else {
      var numbers = [UInt64](repeating: 0, count: PackedColumns.rowsPerChunk)
      for chunk in 0..<rows.packed.chunkCount {
        rows.packed.read(Column.flags.rawValue, chunk: chunk, into: &numbers)
        let range = rows.packed.rows(of: chunk)
        for row in range {
          note(Flags(rawValue: numbers[row - range.lowerBound]), at: places?[row] ?? UInt32(row))
        }
      }
    }
  }

  @inline(__always)
  private mutating func note(_ new: Flags, at place: UInt32) { flags[Int(place)].formUnion(new) }

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

  /// Weighs what has been added with the weight in force.
  private mutating func settle() {
    guard !keys.isEmpty else { return }
    let weighed = Figure.allCases.map { figures($0) }
    totals = weighed
    for index in sums.indices { sums[index] = Array(repeating: 0, count: keys.count) }
  }

  /// A figure of each row, weighed.
  func figures(_ figure: Figure) -> [Double] {
    var figures = totals.isEmpty ? [Double](repeating: 0, count: keys.count) : totals[figure.rawValue]
    let packets = sum(.packets)
    switch figure {
    case .packets: add(packets, to: &figures)
    case .sentPackets: add(zip(packets, sum(.sentExcess)).map { $0 &+ $1 }, to: &figures)
    case .ipBytes: add(sum(.ipBytes), to: &figures)
    case .frameBytes:
      let excess = sum(.frameExcess)
      add(zip(packets, sum(.ipBytes)).enumerated().map { $1.1 &+ 14 &* $1.0 &+ excess[$0] }, to: &figures)
    case .turns: add(sum(.turns), to: &figures)
    case .matched: add(sum(.matched), to: &figures)
    case .runs: add(sum(.runs), to: &figures)
    case .shares: add(sum(.shares), to: &figures)
    }
    return figures
  }

  private func add(_ sums: [UInt64], to figures: inout [Double]) {
    for index in figures.indices { figures[index] += weight * Double(sums[index]) }
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
      var destinations = [UInt64](repeating: 0, count: selection.count)
      packed.read(Column.destination.rawValue, rows: selection, into: &destinations)
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

  /// Adds a column's numbers, with their signs, modulo 2⁶⁴.
  fileprivate func add(_ column: Column, only selection: [Int]?, to sums: inout [UInt64], at places: [UInt32]?) {
    let isSigned = column == .sentExcess || column == .frameExcess || column == .lag
    var sums = sums.mutableSpan
    if let selection {
      var numbers = [UInt64](repeating: 0, count: selection.count)
      packed.read(column.rawValue, rows: selection, into: &numbers)
      if isSigned {
        for index in selection.indices { numbers[index] = numbers[index].unzigzagged }
      }
      if let places {
        for index in selection.indices { sums[Int(places[index])] &+= numbers[index] }
      } else {
        for index in selection.indices { sums[index] &+= numbers[index] }
      }
      return
    }
    var numbers = [UInt64](repeating: 0, count: PackedColumns.rowsPerChunk)
    for chunk in 0..<packed.chunkCount {
      if packed.constant(column.rawValue, chunk: chunk) == 0 { continue }
      packed.read(column.rawValue, chunk: chunk, into: &numbers)
      let range = packed.rows(of: chunk)
      if isSigned {
        for index in 0..<range.count { numbers[index] = numbers[index].unzigzagged }
      }
      if let places {
        for index in 0..<range.count { sums[Int(places[range.lowerBound + index])] &+= numbers[index] }
      } else {
        for index in 0..<range.count { sums[range.lowerBound + index] &+= numbers[index] }
      }
    }
  }
}

extension Array {
  /// Each element at its new place.
  fileprivate func spread(to places: [UInt32], of count: Int, filling empty: Element) -> [Element] {
    var spread = [Element](repeating: empty, count: count)
    for (element, place) in zip(self, places) { spread[Int(place)] = element }
    return spread
  }
}
