/// Columns for people: headings in capitals, two spaces between, numbers to the right.
struct TextTable {
  enum Alignment { case left, right }

  private let columns: [(heading: String, alignment: Alignment)]
  private var rows: [[String]] = []

  init(_ columns: [(heading: String, alignment: Alignment)]) {
    self.columns = columns
  }

  /// A table of as many rows as there is room for, and below it how many are left out.
  ///
  /// - Parameters:
  ///   - lines: that there are for the headings, the rows, and the line of what is left out; nil: as many as it takes.
  ///   - width: as in `rendered`.
  ///   - isByTime: the last rows are the latest, and those that are shown.
  ///   - rest: what those are that are left out, after their number.
  ///   - cells: one a column, of each row that is shown.
  static func text<Row>(
    of rows: [Row], _ columns: [(heading: String, alignment: Alignment)], lines: Int?, width: Int? = nil,
    isByTime: Bool = false, rest: String = "more", cells: (Row) -> [String]
  ) -> String {
    let fits = lines.map { rows.count < $0 } ?? true
    let count = fits ? rows.count : max(1, (lines ?? 0) - 2)
    var table = TextTable(columns)
    for row in isByTime ? rows.suffix(count) : rows.prefix(count) { table.append(cells(row)) }
    let omitted = rows.count - count
    return table.rendered(width: width) + (omitted > 0 ? "and \(Text.grouped(omitted)) \(rest)\n" : "")
  }

  /// One cell a column.
  mutating func append(_ cells: [String]) {
    rows.append(cells)
  }

  /// - Parameter width: what goes beyond is left out of each line; nil: nothing is.
  func rendered(indent: Int = 0, width: Int? = nil) -> String {
    let lines = [columns.map(\.heading)] + rows
    let widths = columns.indices.map { column in lines.lazy.map { $0[column].count }.max() ?? 0 }
    let margin = String(repeating: " ", count: indent)
    return lines.enumerated().map { index, line in
      let cells = line.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return columns[column].alignment == .left ? cell + padding : padding + cell
      }
      let whole = margin + cells.joined(separator: "  ").trimmingTrailingSpaces()
      let text = width.map { String(whole.prefix($0)) } ?? whole
      return (index == 0 ? Terminal.styled(text, .bold) : text) + "\n"
    }.joined()
  }
}

extension String {
  fileprivate func trimmingTrailingSpaces() -> String {
    guard let last = lastIndex(where: { $0 != " " }) else { return "" }
    return String(self[...last])
  }
}
