/// Where in a file something is: line and column from 1, columns in Unicode scalars.
struct Position: Hashable, Comparable {
  var line: UInt32
  var column: UInt32

  static let start = Position(line: 1, column: 1)

  static func < (left: Position, right: Position) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// A node of a YAML document, with aliases and merge keys already replaced by what they stand for.
struct Node {
  enum Content {
    /// Text as written; `plain` if without quotes, so that it may be a number, a boolean or null.
    case scalar(String, plain: Bool)
    case sequence([Node])
    case mapping([Entry])
  }

  struct Entry {
    var key: Node
    var value: Node
  }

  var content: Content
  var position: Position
  /// Number of nodes under and with this one, shared ones counted each time they occur.
  var size = 1
  /// Levels under and with this one.
  var height = 1
}

extension Node {
  var text: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }

  /// No value at all: `key:`, `~` or `null`.
  var isNull: Bool {
    if case .scalar(let text, plain: true) = content { PlainScalar(text) == .null } else { false }
  }

  /// What a person would call it.
  var kind: String {
    switch content {
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .scalar where isNull: "empty"
    case .scalar(let text, plain: true):
      switch PlainScalar(text) {
      case .number: "the number \(text)"
      case .boolean: "the boolean \(text)"
      case .null, .text: "the text \(quoted(text))"
      }
    case .scalar(let text, plain: false): "the text \(quoted(text))"
    }
  }
}
