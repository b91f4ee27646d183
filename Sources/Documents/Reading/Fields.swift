/// The fields of a mapping whose shape is known.
struct Fields {
  let value: Value
  private var found: [String: Node] = [:]

  /// Nil if the value is no mapping. Unknown fields and missing ones are told to the log.
  init?(_ value: Value, _ shape: Shape) {
    self.value = value
    guard case .mapping(let entries) = value.node.content else {
      let hint = "its fields are \(shape.fields.joined(separator: ", "))"
      value.error("must be \(shape.name), which is a mapping; this is \(value.node.kind)", hint: hint)
      return nil
    }
    for entry in entries {
      guard let name = entry.key.text else { continue }
      if shape.fields.contains(name) {
        found[name] = entry.value
      } else {
        let hint = value.log.suggestion(for: name, among: shape.fields, listed: "\(shape.name) has")
        value.error(at: entry.key.position, "\(quoted(name)) is no field of \(shape.name)", hint: hint)
      }
    }
    for name in shape.required where found[name] == nil {
      let list = shape.required.joined(separator: ", ")
      value.error(at: value.position, "\(quoted(name)) is missing", hint: "\(shape.name) must have \(list)")
    }
  }

  subscript(name: String) -> Value? {
    found[name].map { Value(node: $0, path: .field(value.path, name), log: value.log) }
  }

  func number(_ name: String, _ bounds: Bounds = .nonNegative) -> Double? { self[name]?.number(bounds) }

  /// The items of a list; none where the field is absent.
  func items(_ name: String) -> [Value] { self[name]?.items() ?? [] }

  func name(_ name: String = "name") -> String? { self[name]?.name() }
}
