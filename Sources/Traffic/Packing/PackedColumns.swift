/// Columns of unsigned numbers, in chunks of rows. Of a column each chunk has its least number, and of every row what it
/// is above that, in as many bits as the largest of them needs: a column of one number takes none.
///
/// Any number is found without those before it: a cell tells where its column of a chunk begins.
struct PackedColumns: Hashable, Sendable {
  static let rowsPerChunk = 512
  private static let chunkBits = 9

  let columnCount: Int
  let count: Int
  /// Of the first chunk's columns, then of the second's.
  private var cells: [Cell] = []
  /// Each column of a chunk begins with a word of its own. One more than are used: numbers are read out of two.
  private var words: [UInt64] = []

  private struct Cell: Hashable {
    var least: UInt64
    /// Index of the first word.
    var word: UInt32
    var bits: UInt8

    /// Of a row of the cell's chunk.
    @inline(__always)
    func number(_ row: Int, in words: Span<UInt64>) -> UInt64 {
      bits == 0 ? least : least &+ words.number(row & (PackedColumns.rowsPerChunk - 1), word, bits)
    }
  }

  /// - Parameter value: of a row and a column.
  init(count: Int, columnCount: Int, _ value: (_ row: Int, _ column: Int) -> UInt64) {
    self.count = count
    self.columnCount = columnCount
    cells.reserveCapacity(chunkCount * columnCount)
    var numbers: [UInt64] = []
    numbers.reserveCapacity(Self.rowsPerChunk)
    for chunk in 0..<chunkCount {
      let rows = rows(of: chunk)
      for column in 0..<columnCount {
        numbers.removeAll(keepingCapacity: true)
        for row in rows { numbers.append(value(row, column)) }
        append(numbers)
      }
    }
    // As many as are needed: they are held for long, and growing has made room for up to twice as many.
    var exact: [UInt64] = []
    exact.reserveCapacity(words.count + 1)
    exact += words
    exact.append(0)
    words = exact
  }

  var chunkCount: Int { (count + Self.rowsPerChunk - 1) >> Self.chunkBits }

  func rows(of chunk: Int) -> Range<Int> {
    let start = chunk << Self.chunkBits
    return start..<min(start + Self.rowsPerChunk, count)
  }

  /// Bytes in memory.
  var byteCount: Int { cells.count * MemoryLayout<Cell>.stride + words.count * MemoryLayout<UInt64>.stride }

  private mutating func append(_ numbers: [UInt64]) {
    let least = numbers.min() ?? 0
    let bits = UInt64.bitWidth - ((numbers.max() ?? 0) &- least).leadingZeroBitCount
    cells.append(Cell(least: least, word: UInt32(words.count), bits: UInt8(bits)))
    guard bits > 0 else { return }
    var (word, used) = (UInt64(0), 0)
    for number in numbers {
      let above = number &- least
      word |= above &<< UInt64(used)
      used += bits
      guard used >= UInt64.bitWidth else { continue }
      words.append(word)
      used -= UInt64.bitWidth
      // What didn't fit; nothing where it ended with the word.
      word = used == 0 ? 0 : above &>> UInt64(bits - used)
    }
    if used > 0 { words.append(word) }
  }
}

// MARK: - Reading

extension PackedColumns {
  @inline(__always)
  func value(_ row: Int, _ column: Int) -> UInt64 {
    cells[(row >> Self.chunkBits) * columnCount + column].number(row, in: words.span)
  }

  /// Changes elements, each by a number of a row, unless that is 0 in all rows of the chunk: as many for the first
  /// column as for the others.
  ///
  /// - Parameter change: is told the column by its place among them.
  @inline(__always)
  func forEach<Element>(
    _ columns: [Int], of pieces: ArraySlice<Piece>, changing elements: inout [Element],
    _ change: (inout Element, _ number: UInt64, _ column: Int) -> Void
  ) {
    let (cells, source, columns) = (cells.span, words.span, columns.span)
    let places = elements.count / columns.count
    var elements = elements.mutableSpan
    for piece in pieces {
      precondition(piece.place >= 0 && piece.place + piece.rows.count <= places)
      let first = piece.rows.lowerBound & (Self.rowsPerChunk - 1)
      let chunk = (piece.rows.lowerBound >> Self.chunkBits) * columnCount
      for column in columns.indices {
        let cell = cells[chunk + columns[column]]
        let place = column * places + piece.place
        if cell.bits == 0 {
          guard cell.least != 0 else { continue }
          for index in 0..<piece.rows.count { change(&elements[place + index], cell.least, column) }
          continue
        }
        source.check(first + piece.rows.count - 1, cell.word, cell.bits)
        for index in 0..<piece.rows.count {
          // Both ends of both ranges have been looked at.
          let number = unsafe source.uncheckedNumber(first &+ index, cell.word, cell.bits)
          unsafe change(&elements[unchecked: place &+ index], cell.least &+ number, column)
        }
      }
    }
  }

  /// The number that all rows of a chunk have; nil: they differ.
  func constant(_ column: Int, chunk: Int) -> UInt64? {
    let cell = cells[chunk * columnCount + column]
    return cell.bits == 0 ? cell.least : nil
  }

  /// Puts a column of a chunk into the beginning of an array of at least as many places as a chunk has rows.
  func read(_ column: Int, chunk: Int, into numbers: inout [UInt64]) {
    let cell = cells[chunk * columnCount + column]
    let count = rows(of: chunk).count
    let source = words.span
    var numbers = numbers.mutableSpan
    if cell.bits == 0 {
      for index in 0..<count { numbers[index] = cell.least }
    } else {
      for index in 0..<count { numbers[index] = cell.least &+ source.number(index, cell.word, cell.bits) }
    }
  }

  /// Whether a column has the same numbers in both.
  func hasColumn(_ column: Int, of other: PackedColumns) -> Bool {
    guard count == other.count, columnCount == other.columnCount else { return false }
    var difference: UInt64 = 0
    for chunk in 0..<chunkCount where difference == 0 {
      let (cell, second) = (cells[chunk * columnCount + column], other.cells[chunk * columnCount + column])
      guard cell.least == second.least, cell.bits == second.bits else { return false }
      let own = words.span.extracting(words(of: cell, chunk: chunk))
      let others = other.words.span.extracting(other.words(of: second, chunk: chunk))
      // Without an exit on the way several are compared at once.
      for word in 0..<min(own.count, others.count) {
        // Both counts are above that.
        unsafe difference |= own[unchecked: word] ^ others[unchecked: word]
      }
    }
    return difference == 0
  }

  private func words(of cell: Cell, chunk: Int) -> Range<Int> {
    let count = (rows(of: chunk).count * Int(cell.bits) + UInt64.bitWidth - 1) / UInt64.bitWidth
    return Int(cell.word)..<Int(cell.word) + count
  }

  /// A column's numbers of some rows.
  func numbers(_ column: Int, rows: [Int]) -> [UInt64] {
    let (cells, source) = (cells.span, words.span)
    return rows.map { cells[($0 >> Self.chunkBits) * columnCount + column].number($0, in: source) }
  }

  /// The row of a range that has a number, in a column that ascends in it.
  func row(of number: UInt64, _ column: Int, in range: Range<Int>) -> Int? {
    let (cells, source) = (cells.span, words.span)
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      let found = cells[(middle >> Self.chunkBits) * columnCount + column].number(middle, in: source)
      if found == number { return middle }
      if found < number { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  /// Modulo 2⁶⁴.
  func sum(_ column: Int) -> UInt64 {
    var numbers = [UInt64](repeating: 0, count: Self.rowsPerChunk)
    var sum: UInt64 = 0
    for chunk in 0..<chunkCount {
      let count = rows(of: chunk).count
      if let constant = constant(column, chunk: chunk) {
        sum &+= constant &* UInt64(count)
      } else {
        read(column, chunk: chunk, into: &numbers)
        for index in 0..<count { sum &+= numbers[index] }
      }
    }
    return sum
  }
}

extension Span<UInt64> {
  /// The index-th number of `bits` bits, 1 … 64, from a word on; the word after its last is there.
  @inline(__always)
  fileprivate func number(_ index: Int, _ word: UInt32, _ bits: UInt8) -> UInt64 {
    check(index, word, bits)
    return unsafe uncheckedNumber(index, word, bits)
  }

  /// Stops the program where that, and so any before it, isn't within.
  @inline(__always)
  fileprivate func check(_ index: Int, _ word: UInt32, _ bits: UInt8) {
    let place = Int(word) &+ (index &* Int(bits)) >> 6
    precondition(place >= 0 && place < count &- 1)
  }

  /// `check` has been called for it, or for a later one of the same cell.
  @inline(__always)
  @unsafe
  fileprivate func uncheckedNumber(_ index: Int, _ word: UInt32, _ bits: UInt8) -> UInt64 {
    let bit = index &* Int(bits)
    let place = Int(word) &+ bit >> 6
    let shift = UInt64(bit & 63)
    // Both are below the count.
    let low = unsafe self[unchecked: place] &>> shift
    // Two steps, since a shift by 64 would be none.
    let high = unsafe (self[unchecked: place &+ 1] &<< 1) &<< (63 &- shift)
    return (low | high) & (.max &>> UInt64(64 - bits))
  }
}

// MARK: - Bytes

extension PackedColumns {
  /// Most rows that are read.
  static let largestCount = 1 << 27

  func write(to writer: inout PackedWriter) {
    writer.write(UInt64(count))
    for cell in cells {
      writer.bytes.append(cell.bits)
      writer.write(cell.least)
    }
    writer.write(words: words.dropLast())
  }

  init(columnCount: Int, from reader: inout PackedReader) throws(PackingError) {
    let count = try reader.count(atMost: Self.largestCount)
    self.columnCount = columnCount
    self.count = count
    cells.reserveCapacity(min(chunkCount * columnCount, reader.rest))
    var word = 0
    for chunk in 0..<chunkCount {
      let rows = rows(of: chunk).count
      for _ in 0..<columnCount {
        let bits = try reader.byte()
        guard bits <= 64 else { throw PackingError("a number of \(bits) bits") }
        cells.append(Cell(least: try reader.number(), word: UInt32(clamping: word), bits: bits))
        word += (rows * Int(bits) + 63) / 64
      }
    }
    guard word < Int(UInt32.max) else { throw PackingError("too many rows") }
    words = try reader.words(word)
    words.append(0)
  }
}
