internal import Model

extension PeriodRows {
  func write(to writer: inout PackedWriter) {
    table.write(to: &writer)
    write(starts, to: &writer)
    packed.write(to: &writer)
    write(incomingStarts, to: &writer)
    incoming.write(to: &writer)
    writer.write(UInt64(unshown.count))
    for (row, counts) in unshown.sorted(by: { $0.key < $1.key }) {
      writer.write(UInt64(row))
      for number in counts.numbers { writer.write(number) }
    }
  }

  /// As differences.
  private func write(_ starts: [UInt32], to writer: inout PackedWriter) {
    for (start, next) in zip(starts, starts.dropFirst()) { writer.write(UInt64(next - start)) }
  }

  /// - Parameter shared: taken where it has the same endpoints.
  init(from reader: inout PackedReader, sharing shared: EndpointTable?) throws(PackingError) {
    let own = try EndpointTable(from: &reader)
    table = if let shared, shared.endpoints == own.endpoints { shared } else { own }
    starts = try Self.starts(count: own.count, from: &reader)
    packed = try PackedColumns(columnCount: Column.allCases.count, from: &reader)
    (packets, ipBytes) = Self.sums(of: packed)
    incomingStarts = try Self.starts(count: own.count, from: &reader)
    incoming = try PackedColumns(columnCount: 1, from: &reader)
    var unshown: [UInt32: PairCounts] = [:]
    for _ in 0..<(try reader.count(atMost: packed.count)) {
      let row = UInt32(try reader.count(atMost: packed.count - 1))
      var numbers: [UInt64] = []
      for _ in 0..<PairCounts().numbers.count { numbers.append(try reader.number()) }
      unshown[row] = PairCounts(numbers: numbers)
    }
    self.unshown = unshown
    try check()
  }

  private static func starts(count: Int, from reader: inout PackedReader) throws(PackingError) -> [UInt32] {
    var starts: [UInt32] = [0]
    starts.reserveCapacity(count + 1)
    var sum = 0
    for _ in 0..<count {
      sum += try reader.count(atMost: PackedColumns.largestCount)
      guard sum <= PackedColumns.largestCount else { throw PackingError("too many rows") }
      starts.append(UInt32(sum))
    }
    return starts
  }

  /// What everything that reads relies on: whatever the bytes were, no number leads outside.
  private func check() throws(PackingError) {
    guard let last = starts.last, Int(last) == packed.count, let end = incomingStarts.last, Int(end) == incoming.count
    else { throw PackingError("its rows don't add up") }
    var numbers = [UInt64](repeating: 0, count: PackedColumns.rowsPerChunk)
    for (columns, column) in [(packed, Column.destination.rawValue), (incoming, 0)] {
      for chunk in 0..<columns.chunkCount {
        columns.read(column, chunk: chunk, into: &numbers)
        for index in 0..<columns.rows(of: chunk).count where numbers[index] >= UInt64(table.count) {
          throw PackingError("a row of an endpoint that isn't there")
        }
      }
    }
    for source in 0..<table.count {
      let rows = rows(of: source)
      guard rows.count > 1 else { continue }
      var last = destination(of: rows.lowerBound)
      for row in rows.dropFirst() {
        let next = destination(of: row)
        guard last < next else { throw PackingError("rows out of order") }
        last = next
      }
    }
  }
}

extension PairCounts {
  fileprivate var numbers: [UInt64] {
    [
      packets, frameBytes, ipBytes, rounds, windows, UInt64(zigzag: lag), turns, matched, runs, shares,
    ]
  }

  /// - Parameter numbers: as many as it has.
  fileprivate init(numbers: [UInt64]) {
    self.init(
      packets: numbers[0], frameBytes: numbers[1], ipBytes: numbers[2], rounds: numbers[3], windows: numbers[4],
      lag: Int64(bitPattern: numbers[5].unzigzagged), turns: numbers[6], matched: numbers[7], runs: numbers[8],
      shares: numbers[9])
  }
}
