/// A JSON document that can be changed in places.
enum JSONValue: Codable, Hashable {
  case null
  case boolean(Bool)
  case number(Double)
  case text(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .boolean(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .array(let values): try container.encode(values)
    case .object(let members): try container.encode(members)
    }
  }

  /// One step of a path: a member's name or an item's index.
  enum Key: Decodable, Hashable {
    case name(String)
    case index(Int)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let index = try? container.decode(Int.self) {
        self = .index(index)
      } else {
        self = .name(try container.decode(String.self))
      }
    }
  }

  /// The document with another value at a path, or without the member there.
  func with(_ value: JSONValue?, at path: some Collection<Key>) -> JSONValue {
    guard let key = path.first else { return value ?? self }
    let rest = path.dropFirst()
    switch (self, key) {
    case (.object(var members), .name(let name)):
      members[name] = rest.isEmpty ? value : members[name]?.with(value, at: rest)
      return .object(members)
    case (.array(var values), .index(let index)):
      values[index] = values[index].with(value, at: rest)
      return .array(values)
    default: return self
    }
  }
}
