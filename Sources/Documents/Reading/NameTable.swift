/// Names that may occur once, with the line of each, and a suggestion for those that don't occur.
struct NameTable {
  /// `a site`, for messages.
  let kind: String
  private var lines: [String: UInt32] = [:]
  /// In the order of the document.
  private(set) var names: [String] = []

  init(_ kind: String) {
    self.kind = kind
  }

  /// Adds a name; tells the log if it is there already.
  mutating func add(_ name: String, at value: Value) {
    if let line = lines[name] {
      value.error("\(quoted(name)) is the name of \(kind) already", hint: "on line \(line); names are unique")
    } else {
      lines[name] = value.position.line
      names.append(name)
    }
  }

  /// Adds a name that has no place in this document, or whose place is known to another table.
  mutating func insert(_ name: String) {
    if lines.updateValue(0, forKey: name) == nil { names.append(name) }
  }

  func contains(_ name: String) -> Bool { lines[name] != nil }

  /// The name that a value holds if it is in the table; else tells the log.
  func reference(_ value: Value) -> String? {
    guard let name = value.name() else { return nil }
    if contains(name) { return name }
    let hint = value.log.suggestion(for: name, among: names, listed: "there are")
    value.error("\(quoted(name)) is not the name of \(kind)", hint: hint)
    return nil
  }
}
