extension PackedColumns {
  /// Rows of one chunk, in a row, that go to places in a row.
  struct Piece {
    var rows: Range<Int>
    /// Of the first of them.
    let place: Int
  }

  /// - Parameters:
  ///   - selection: rows, ascending; nil: all.
  ///   - places: where each of them goes, ascending; nil: as they come.
  func pieces(_ selection: [Int]?, to places: [UInt32]?) -> [Piece] {
    if selection == nil, places == nil {
      return (0..<chunkCount).map { Piece(rows: rows(of: $0), place: rows(of: $0).lowerBound) }
    }
    var pieces: [Piece] = []
    for index in 0..<(selection?.count ?? count) {
      let (row, place) = (selection?[index] ?? index, places.map { Int($0[index]) } ?? index)
      if let last = pieces.last, row == last.rows.upperBound, row % Self.rowsPerChunk != 0,
        place == last.place + last.rows.count
      {
        pieces[pieces.count - 1].rows = last.rows.lowerBound..<row + 1
      } else {
        pieces.append(Piece(rows: row..<row + 1, place: place))
      }
    }
    return pieces
  }
}
