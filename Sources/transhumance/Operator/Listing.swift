import Answers

/// A list that can be printed in any of the formats.
protocol Listing {
  associatedtype Document: Encodable
  /// JSON has `{ "vms": [ … ] }`.
  static var key: String { get }
  /// Of the table.
  static var columns: [(heading: String, alignment: TextTable.Alignment)] { get }
  /// Of the CSV; those of measures end in the unit.
  static var fields: [String] { get }
  /// Whether the last rows are the latest, and matter most where there is no room for all.
  static var isByTime: Bool { get }
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
  static var isByTime: Bool { false }

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

  /// As JSON, on one line.
  func line(only names: Set<String>?) throws -> String {
    try JSONLine.text([Self.key: rows(only: names).map(\.document)])
  }

  /// As people read it.
  ///
  /// - Parameter room: of a terminal that shows it in place; nil: as much as there is.
  func table(only names: Set<String>?, room: (rows: Int, columns: Int)? = nil) -> String {
    let rows = rows(only: names)
    guard !rows.isEmpty else { return "none\n" }
    // A line is left after the last one.
    return TextTable.text(
      of: rows, Self.columns, lines: room.map { $0.rows - 1 }, width: room?.columns, isByTime: Self.isByTime,
      rest: Self.isByTime ? "earlier" : "more"
    ) { $0.cells }
  }

  static func table(of rows: [ListedRow<Document>]) -> String {
    TextTable.text(of: rows, columns, lines: nil) { $0.cells }
  }
}
