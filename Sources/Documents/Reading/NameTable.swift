/// Names that may occur once, with the line of each, and a suggestion for those that don't occur.
struct NameTable {
  /// `a site`, for messages.
  let kind: String
  /// Whether names that differ only in case are the same, as host names are (RFC 4343).
  private let ignoresCase: Bool
  private var places: [String: (name: String, line: UInt32)] = [:]
  /// In the order of the document.
  private(set) var names: [String] = []

  init(_ kind: String, ignoresCase: Bool = false) {
    self.kind = kind
    self.ignoresCase = ignoresCase
  }

  /// Adds a name; tells the log if it is there already.
  mutating func add(_ name: String, at value: Value) {
    guard let place = places[key(name)] else {
      places[key(name)] = (name, value.position.line)
      return names.append(name)
    }
    if place.name == name {
      value.error("\(quoted(name)) is the name of \(kind) already", hint: "on line \(place.line); names are unique")
    } else {
      value.error(
        "\(quoted(name)) differs only in case from \(quoted(place.name)), which is the name of \(kind)",
        hint: "on line \(place.line); host names are the same in either case")
    }
  }

  /// Adds a name that has no place in this document, or whose place is known to another table.
  mutating func insert(_ name: String) {
    if places.updateValue((name, 0), forKey: key(name)) == nil { names.append(name) }
  }

  /// In that spelling.
  func contains(_ name: String) -> Bool { places[key(name)]?.name == name }

  /// The name that a value holds if it is in the table; else tells the log.
  func reference(_ value: Value) -> String? {
    guard let name = value.name() else { return nil }
    if contains(name) { return name }
    let hint = value.log.suggestion(for: name, among: names, listed: "there are")
    value.error("\(quoted(name)) is not the name of \(kind)", hint: hint)
    return nil
  }

  private func key(_ name: String) -> String { ignoresCase ? name.lowercased() : name }
}
