/// A list that can be printed in any of the formats.
protocol Listing {
  associatedtype Document: Encodable
  /// JSON has `{ "vms": [ … ] }`.
  static var key: String { get }
  /// Of the table.
  static var columns: [(heading: String, alignment: TextTable.Alignment)] { get }
  /// Of the CSV; those of measures end in the unit.
  static var fields: [String] { get }
  var rows: [ListedRow<Document>] { get }
  /// That may be asked for.
  var names: Set<String> { get }
}

/// One of the things that a list has, in each of its formats.
struct ListedRow<Document: Encodable> {
  var name: String
  /// Of the table: as people read them.
  var cells: [String]
  /// Of the CSV: numbers alone, and nothing where nothing is known.
  var values: [String]
  var document: Document
}

extension Listing {
  var names: Set<String> { Set(rows.map(\.name)) }

  private func rows(only names: Set<String>?) -> [ListedRow<Document>] {
    rows.filter { names?.contains($0.name) ?? true }
  }

  /// - Parameter names: what is printed; nil: all.
  func write(_ format: DocumentFormat, only names: Set<String>?) throws {
    let rows = rows(only: names)
    switch format {
    case .json: try StandardOutput.write(json: [Self.key: rows.map(\.document)])
    case .csv: try StandardOutput.write(CSV.row(Self.fields) + rows.map { CSV.row($0.values) }.joined())
    case .table:
      guard !rows.isEmpty else { return Terminal.printLine("none") }
      try StandardOutput.write(Self.table(of: rows))
    }
  }

  static func table(of rows: [ListedRow<Document>]) -> String {
    var table = TextTable(columns)
    for row in rows { table.append(row.cells) }
    return table.rendered()
  }
}
