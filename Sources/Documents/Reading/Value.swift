internal import Model

/// A node on its way to becoming a part of the model: with the path that leads to it and the log for what is wrong with
/// it.
///
/// Every reading method returns nil where it has told the log why.
struct Value {
  let node: Node
  let path: Path
  let log: DiagnosticLog

  var position: Position { node.position }

  /// Tells what is wrong with this value: `must be …`, `is …`.
  func error(_ message: String, hint: String? = nil) {
    let message = if case .root = path { "the document \(message)" } else { "\(path): \(message)" }
    log.error(at: position, message, hint: hint)
  }

  /// Tells what is wrong inside this value: `"speed" is …`.
  func error(at position: Position, _ message: String, hint: String? = nil) {
    let message = if case .root = path { message } else { "\(path): \(message)" }
    log.error(at: position, message, hint: hint)
  }

  /// The items of a list; empty where it isn't one.
  func items() -> [Value] {
    guard case .sequence(let nodes) = node.content else {
      error("must be a list, this is \(node.kind)", hint: "write [ … ], or one `- ` line for each item")
      return []
    }
    return nodes.enumerated().map { Value(node: $1, path: .item(path, $0), log: log) }
  }

  /// Text that names something; what could be taken for a number, boolean or null needs quotes.
  func name() -> String? {
    guard let text = text() else { return nil }
    let scalars = text.unicodeScalars
    if text.isEmpty {
      error("must not be empty")
    } else if scalars.count > 253 {
      error("is a name of \(scalars.count) characters", hint: "at most 253")
    } else if scalars.contains(where: \.isControl) {
      error("\(quoted(text)) has control characters")
    } else if scalars.first?.properties.isWhitespace == true || scalars.last?.properties.isWhitespace == true {
      error("\(quoted(text)) begins or ends with a space")
    } else {
      return text
    }
    return nil
  }

  func text() -> String? {
    guard case .scalar(let text, let plain) = node.content else {
      error("must be text, this is \(node.kind)")
      return nil
    }
    guard plain else { return text }
    switch PlainScalar(text) {
    case .text: return text
    case .null: error("is empty", hint: "give a value, or remove the field")
    case .number, .boolean:
      error("must be text, this reads as \(node.kind)", hint: "if it is meant, write it in quotes: \"\(text)\"")
    }
    return nil
  }

  /// One of an enumeration's words.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> Choice? {
    guard let text = text() else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let words = Choice.allCases.map(\.rawValue)
    error("\(quoted(text)) is unknown", hint: log.suggestion(for: text, among: words, listed: "allowed"))
    return nil
  }

  func boolean() -> Bool? {
    if case .scalar(let text, plain: true) = node.content {
      switch text {
      case "true", "True", "TRUE": return true
      case "false", "False", "FALSE": return false
      default: break
      }
    }
    error("must be true or false, this is \(node.kind)", hint: "only these two words, without quotes")
    return nil
  }

  func timestamp() -> Timestamp? {
    let format = "ISO 8601 with a time zone, in the years 1678 to 2262: 2026-12-01T08:00:00Z"
    guard case .scalar(let text, let plain) = node.content, !plain || PlainScalar(text) == .text else {
      error("must be a time, this is \(node.kind)", hint: format)
      return nil
    }
    if let time = Timestamp(text) { return time }
    let hint =
      switch text {
      case _ where Timestamp(text + "Z") != nil:
        "the time zone is missing: \(text)Z for UTC, or an offset such as +01:00"
      case _ where Timestamp(text + "T00:00:00Z") != nil: "the time of day is missing: \(text)T00:00:00Z"
      default: format
      }
    error("\(quoted(text)) is not a time", hint: hint)
    return nil
  }
}

/// The way from a document's root to a node, as `sites[0].hosts[2].vcpus`.
indirect enum Path: CustomStringConvertible {
  case root
  case field(Path, String)
  case item(Path, Int)

  var description: String {
    switch self {
    case .root: ""
    case .field(.root, let name): name
    case .field(let parent, let name): "\(parent).\(name)"
    case .item(let parent, let index): "\(parent)[\(index)]"
    }
  }
}
