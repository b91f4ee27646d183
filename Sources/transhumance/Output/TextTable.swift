/// Columns for people: headings in capitals, two spaces between, numbers to the right.
struct TextTable {
  enum Alignment { case left, right }

  private let columns: [(heading: String, alignment: Alignment)]
  private var rows: [[String]] = []

  init(_ columns: [(heading: String, alignment: Alignment)]) {
    self.columns = columns
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
