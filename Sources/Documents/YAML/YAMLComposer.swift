/// Makes a tree of a YAML text, within bounds that no text can break: depth, number of nodes with aliases expanded,
/// size of the text.
///
/// Aliases (`*name`) and merge keys (`<<: *name`) are replaced by what they stand for; what they repeat is shared in
/// memory, and its size is counted before it is used. A mapping's keys must be text; duplicate keys are errors.
struct YAMLComposer {
  /// Levels of nesting; documents of ours have eight.
  static let maximumDepth = 64
  /// Nodes in all, aliases expanded: about 150 MB.
  static let maximumNodes = 2_000_000
  static let maximumDirectives = 10

  private let log: DiagnosticLog
  private var anchors: [String: Node] = [:]
  private var open: [Collection] = []
  private var nodes = 0
  private var root: Node?
  private var isComplete = false

  /// A sequence or mapping whose end hasn't come; a mapping's children are its keys and values in turn.
  private struct Collection {
    var isMapping: Bool
    var position: Position
    var anchor: String?
    var children: [Node] = []
  }

  /// The text's one document, or nil where the log says why not.
  static func compose(_ bytes: [UInt8], log: DiagnosticLog) -> Node? {
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
      log.error(at: .start, "the text is UTF-16", hint: "save the file as UTF-8")
      return nil
    }
    if let (message, hint) = BinaryContent.refusal(of: bytes[...]) {
      log.error(at: .start, message, hint: hint)
      return nil
    }
    let maximum = DocumentKind.maximumBytes
    guard bytes.count <= maximum else {
      log.error(
        at: .start, "the file has more than \(maximum >> 20) MiB", hint: "at most \(maximum >> 20) MiB are read")
      return nil
    }
    guard directives(in: bytes) <= maximumDirectives else {
      log.error(at: .start, "the text has more than \(maximumDirectives) %TAG directives", hint: "none is needed")
      return nil
    }
    let mark = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    var composer = YAMLComposer(log: log)
    do {
      // libyaml reads from memory that must stay in place.
      try unsafe bytes.withUnsafeBufferPointer { buffer throws(YAMLSyntaxError) in
        var events = unsafe YAMLEvents(UnsafeBufferPointer(rebasing: buffer[mark...]))
        while try composer.take(events.next()) {}
      }
    } catch {
      log.syntaxError(error, in: bytes[mark...])
      return nil
    }
    guard composer.isComplete else { return nil }
    guard let root = composer.root, !root.isNull else {
      log.error(at: .start, "the document is empty")
      return nil
    }
    return root
  }

  /// The same of a document that is to be of some kind.
  static func compose(_ bytes: [UInt8], as kind: DocumentKind, log: DiagnosticLog) -> Node? {
    guard let root = compose(bytes, log: log), kind.isMet(by: root, bytes, log: log) else { return nil }
    return root
  }

  /// How often `%TAG` occurs: libyaml compares each directive with all before it, which takes hours for a megabyte of
  /// them.
  private static func directives(in bytes: [UInt8]) -> Int {
    var count = 0
    var rest = bytes[...]
    while let index = rest.firstIndex(of: UInt8(ascii: "%")) {
      rest = rest[(index + 1)...]
      if rest.starts(with: [UInt8(ascii: "T"), UInt8(ascii: "A"), UInt8(ascii: "G")]) { count += 1 }
    }
    return count
  }

  private init(log: DiagnosticLog) {
    self.log = log
  }

  /// False at the end, and where reading on makes no sense.
  private mutating func take(_ next: (event: YAMLEvent, position: Position)) -> Bool {
    switch next.event {
    case .documentStart:
      guard root == nil else {
        log.error(at: next.position, "a second document starts here", hint: "a file holds one document: split it")
        return false
      }
      return true
    case .documentEnd: return true
    case .streamEnd:
      isComplete = true
      return false
    case .alias(let name):
      guard let node = anchors[name] else {
        log.error(at: next.position, "no anchor &\(name) was completed before this alias")
        return false
      }
      return add(node, at: next.position)
    case .scalar(let text, let plain, let properties):
      let isText = properties.tag == "!" || properties.tag == "tag:yaml.org,2002:str"
      checkTag(properties.tag, isText: isText, at: next.position)
      let node = Node(content: .scalar(text, plain: plain && !isText), position: next.position)
      if let anchor = properties.anchor { anchors[anchor] = node }
      return add(node)
    case .sequenceStart(let properties): return push(isMapping: false, properties, at: next.position)
    case .mappingStart(let properties): return push(isMapping: true, properties, at: next.position)
    case .collectionEnd: return pop()
    }
  }

  private mutating func push(isMapping: Bool, _ properties: YAMLEvent.Properties, at position: Position) -> Bool {
    guard open.count < Self.maximumDepth else { return refuseDepth(at: position) }
    checkTag(properties.tag, isText: false, at: position)
    open.append(Collection(isMapping: isMapping, position: position, anchor: properties.anchor))
    return true
  }

  private mutating func pop() -> Bool {
    guard let done = open.popLast() else { return false }
    var node = Node(content: .sequence(done.children), position: done.position)
    if done.isMapping { node.content = .mapping(entries(of: done)) }
    node.size = 1 + done.children.reduce(0) { $0 + $1.size }
    node.height = 1 + (done.children.map(\.height).max() ?? 0)
    if let anchor = done.anchor { anchors[anchor] = node }
    nodes -= node.size - 1
    return add(node)
  }

  /// - Parameter position: where an alias stands for the node.
  private mutating func add(_ node: Node, at position: Position? = nil) -> Bool {
    var node = node
    node.position = position ?? node.position
    nodes += node.size
    guard nodes <= Self.maximumNodes else {
      let hint = "at most \(Self.maximumNodes) are read"
      log.error(at: node.position, "the document has too many values, what aliases repeat included", hint: hint)
      return false
    }
    guard open.count + node.height <= Self.maximumDepth else { return refuseDepth(at: node.position) }
    if open.isEmpty { root = node } else { open[open.count - 1].children.append(node) }
    return true
  }

  private mutating func refuseDepth(at position: Position) -> Bool {
    log.error(at: position, "nested deeper than \(Self.maximumDepth) levels")
    return false
  }

  private func checkTag(_ tag: String?, isText: Bool, at position: Position) {
    guard let tag, !isText else { return }
    log.error(at: position, "the tag \(quoted(tag)) means nothing here", hint: "remove it; of tags only !!str is known")
  }
}

extension YAMLComposer {
  /// The mapping's entries: first its own, then those that its merge keys add.
  private func entries(of mapping: Collection) -> [Node.Entry] {
    let pairs = stride(from: 0, to: mapping.children.count - 1, by: 2)
    var own: [Node.Entry] = []
    var merged: [Node] = []
    var seen: [String: Position] = [:]
    for index in pairs {
      let (key, value) = (mapping.children[index], mapping.children[index + 1])
      if case .scalar("<<", plain: true) = key.content {
        merged.append(value)
      } else if let name = key.text {
        if let first = seen[name] {
          let message = "\(quoted(name)) is given twice in one mapping"
          log.error(at: key.position, message, hint: "first on line \(first.line)")
        } else {
          seen[name] = key.position
          own.append(Node.Entry(key: key, value: value))
        }
      } else {
        log.error(at: key.position, "a field's name must be text, this is \(key.kind)")
      }
    }
    for node in merged { merge(node, into: &own, seen: &seen) }
    return own
  }

  private func merge(_ node: Node, into entries: inout [Node.Entry], seen: inout [String: Position]) {
    switch node.content {
    case .mapping(let more):
      for entry in more {
        guard let name = entry.key.text, seen[name] == nil else { continue }
        seen[name] = entry.key.position
        entries.append(entry)
      }
    case .sequence(let nodes) where nodes.allSatisfy(\.isMapping):
      for node in nodes { merge(node, into: &entries, seen: &seen) }
    default:
      log.error(at: node.position, "a merge key (<<) takes a mapping or a list of mappings, this is \(node.kind)")
    }
  }
}

extension Node {
  fileprivate var isMapping: Bool {
    if case .mapping = content { true } else { false }
  }
}
