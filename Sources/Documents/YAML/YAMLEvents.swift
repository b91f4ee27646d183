// libyaml as Yams carries it. Yams' own composer gives up at the first duplicate key, hashes whole keys (with aliases
// in them, without end) and shares aliased nodes to any depth, so the tree is composed here, from libyaml's events
// (docs/decisions/yams.md).
internal import CYaml

/// What libyaml finds in a text, one event after another.
enum YAMLEvent {
  case documentStart
  case documentEnd
  case streamEnd
  case alias(String)
  case scalar(String, plain: Bool, properties: Properties)
  case sequenceStart(Properties)
  case mappingStart(Properties)
  case collectionEnd

  /// What may stand before a node: `&anchor`, `!tag`.
  struct Properties {
    var anchor: String?
    var tag: String?
  }
}

/// Why libyaml can't read on.
struct YAMLSyntaxError: Error {
  var problem: String
  var position: Position
  /// What was being read, and where that began.
  var context: (text: String, position: Position)?
  /// Byte offset in the text, for bytes that are no characters and characters that may not be there.
  var byteOffset: Int?
  /// The character that may not be there.
  var character: UInt32?
}

/// A libyaml parser over bytes that outlive it; safe but for that promise, which its initializer's caller makes.
@safe
struct YAMLEvents: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>

  /// The bytes must stay where they are for as long as this value lives.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    // On the heap: libyaml keeps pointers into its parser.
    unsafe parser = .allocate(capacity: 1)
    unsafe parser.initialize(to: yaml_parser_t())
    unsafe yaml_parser_initialize(parser)
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
  }

  mutating func next() throws(YAMLSyntaxError) -> (event: YAMLEvent, position: Position) {
    while true {
      var event = unsafe yaml_event_t()
      guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw syntaxError }
      defer { unsafe yaml_event_delete(&event) }
      if let known = unsafe YAMLEvent(event) { return unsafe (known, Position(event.start_mark)) }
    }
  }

  private var syntaxError: YAMLSyntaxError {
    let state = unsafe parser.pointee
    let problem = unsafe state.problem.map { unsafe String(cString: $0) } ?? "out of memory"
    var error = unsafe YAMLSyntaxError(problem: problem, position: Position(state.problem_mark))
    if unsafe state.error == YAML_READER_ERROR {
      unsafe error.byteOffset = state.problem_offset
      if error.problem.hasPrefix("control") { error.character = unsafe UInt32(exactly: state.problem_value) }
    }
    if let context = unsafe state.context {
      unsafe error.context = (String(cString: context), Position(state.context_mark))
    }
    return error
  }
}

extension Position {
  /// libyaml counts from 0.
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: UInt32(clamping: mark.line &+ 1), column: UInt32(clamping: mark.column &+ 1))
  }
}

extension YAMLEvent {
  /// Nil for the start of the stream, and for no event at all.
  fileprivate init?(_ event: yaml_event_t) {
    switch unsafe event.type {
    case YAML_DOCUMENT_START_EVENT: self = .documentStart
    case YAML_DOCUMENT_END_EVENT: self = .documentEnd
    case YAML_STREAM_END_EVENT: self = .streamEnd
    case YAML_ALIAS_EVENT: self = unsafe .alias(text(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = unsafe event.data.scalar
      let value = unsafe String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      self = unsafe .scalar(
        value, plain: scalar.style == YAML_PLAIN_SCALAR_STYLE,
        properties: Properties(anchor: text(scalar.anchor), tag: text(scalar.tag)))
    case YAML_SEQUENCE_START_EVENT:
      let start = unsafe event.data.sequence_start
      self = unsafe .sequenceStart(Properties(anchor: text(start.anchor), tag: text(start.tag)))
    case YAML_MAPPING_START_EVENT:
      let start = unsafe event.data.mapping_start
      self = unsafe .mappingStart(Properties(anchor: text(start.anchor), tag: text(start.tag)))
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: self = .collectionEnd
    default: return nil
    }
  }
}

private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
  guard let pointer = unsafe pointer else { return nil }
  return unsafe String(cString: pointer)
}
