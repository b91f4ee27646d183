internal import Model

extension Override {
  /// Reads a document as it is, then with one override after the other, so that each problem is told with what brings
  /// it. Warnings are those of the last reading.
  static func read<Model>(
    _ bytes: [UInt8], file: String, as kind: DocumentKind, _ overrides: [Override],
    read: (Node, DiagnosticLog) -> Model?
  ) throws(DocumentError) -> (Model, [Diagnostic]) {
    var log = DiagnosticLog(file: file)
    guard var root = YAMLComposer.compose(bytes, as: kind, log: log) else { throw log.failure }
    var model = read(root, log)
    for override in overrides where override.kind == kind && model != nil && (kind == .application || log.errors == 0) {
      log = DiagnosticLog(file: "\(file) with --set \(override.text)")
      guard let changed = override.apply(to: root, log: log) else { throw log.failure }
      root = changed
      model = read(root, log)
    }
    guard let model, kind == .application || log.errors == 0 else { throw log.failure }
    return (model, log.sorted)
  }

  /// Whether a document has the VM or the endpoint that the path begins with; true of a path that begins with neither.
  package func concerns(_ bytes: [UInt8]) -> Bool {
    let list: String
    switch subject {
    case .vm: list = "vms"
    case .endpoint: list = "endpoints"
    default: return true
    }
    guard let root = YAMLComposer.compose(bytes, log: DiagnosticLog(file: "")) else { return true }
    return (root.field(list)?.items ?? []).named(path) != nil
  }

  /// A document with the value in its place; nil where the log says why not.
  func apply(to root: Node, log: DiagnosticLog) -> Node? {
    var new: Node?
    if !value.isEmpty {
      guard let composed = YAMLComposer.compose(Array(value.utf8), log: log) else { return nil }
      new = composed
    }
    do throws(OverrideError) {
      return try changed(root, new)
    } catch {
      log.error(at: root.position, error.description)
      return nil
    }
  }

  private func changed(_ root: Node, _ new: Node?) throws(OverrideError) -> Node {
    switch subject {
    case .application, .links:
      let fields = path[...].steps
      return try root.setting(subject == .links ? ["links"] + fields : fields, new)
    case .site: return try named("sites", "site", root, path, new)
    case .vm: return try named("vms", "VM", root, path, new)
    case .endpoint: return try named("endpoints", "endpoint", root, path, new)
    case .owner: return try named("owners", "owner", root, path, new)
    case .cpuModel: return try named("cpuModels", "CPU model", root, path, new)
    case .host: return try hostChanged(root, new)
    case .link: return try pairChanged(root, "links", new) { $0.field("between")?.items?.compactMap(\.text) }
    case .egress where path == "betweenSites": return try root.setting(["egress", "betweenSites"], new)
    case .egress:
      return try pairChanged(root, "egress", new) { pair in
        [pair.field("from")?.text, pair.field("to")?.text].compactMap(\.self)
      }
    }
  }

  /// The item of a list that the path names, changed. Names may have points: the longest that fits counts.
  private func named(
    _ list: String, _ noun: String, _ root: Node, _ path: String, _ new: Node?
  ) throws(OverrideError) -> Node {
    let items = root.field(list)?.items ?? []
    guard let (index, rest) = items.named(path) else {
      throw unknown(noun, path, items.compactMap { $0.field("name")?.text })
    }
    try items[index].requireField(rest)
    return try root.setting([Substring(list), Substring(String(index))] + rest, new)
  }

  private func hostChanged(_ root: Node, _ new: Node?) throws(OverrideError) -> Node {
    let sites = root.field("sites")?.items ?? []
    for (site, node) in sites.enumerated() {
      guard let (index, rest) = node.field("hosts")?.items?.named(path) else { continue }
      try node.field("hosts")?.items?[index].requireField(rest)
      return try root.setting(["sites", Substring(String(site)), "hosts", Substring(String(index))] + rest, new)
    }
    throw unknown("host", path, sites.flatMap { $0.field("hosts")?.items ?? [] }.compactMap { $0.field("name")?.text })
  }

  /// The entry of two sites among pairs, changed; where they have none, one is made of what holds between sites.
  private func pairChanged(
    _ root: Node, _ part: String, _ new: Node?, names: (Node) -> [String]?
  ) throws(OverrideError) -> Node {
    let sites = (root.field("sites")?.items ?? []).compactMap { $0.field("name")?.text }
    let isEgress = part == "egress"
    guard let first = sites.longest(heading: path), path.count > first.count + 1,
      case let rest = String(path.dropFirst(first.count + 1)), let second = sites.longest(heading: rest)
    else { throw unknown("pair of sites", path, sites) }
    var fields = rest.dropFirst(second.count + 1).steps
    if isEgress, fields.isEmpty { fields = ["perGB"] }
    let pairs = root.field(part)?.field("pairs")?.items ?? []
    let index = pairs.firstIndex { pair in
      let ends = names(pair) ?? []
      return ends == [first, second] || !isEgress && ends == [second, first]
    }
    var root = root
    if index == nil {
      let between = root.field(part)?.field("betweenSites")
      let entry: Node
      if isEgress {
        entry = .mapping([("from", .name(first)), ("to", .name(second)), ("perGB", between ?? .number("0"))])
      } else {
        entry = .mapping([("between", .list([.name(first), .name(second)]))] + (between?.fields ?? []))
      }
      root = try root.setting([Substring(part), "pairs"], .list(pairs + [entry]))
    }
    return try root.setting([Substring(part), "pairs", Substring(String(index ?? pairs.count))] + fields, new)
  }

  private func unknown(_ noun: String, _ path: String, _ names: [String]) -> OverrideError {
    let name = String(path.prefix { $0 != "." })
    var nearest = NearestName()
    let hint = nearest.find(name, among: names).map { "did you mean \(quoted($0))?" }
    let list = names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
    return OverrideError(
      "\(quoted(path)) begins with the name of no \(noun): \(hint ?? "there are \(list.isEmpty ? "none" : list)")")
  }
}

extension Substring {
  /// The fields and places of a path; none of an empty one.
  fileprivate var steps: ArraySlice<Substring> {
    isEmpty ? [] : split(separator: ".", omittingEmptySubsequences: false)[...]
  }
}

extension [String] {
  /// The longest that the path is or begins with, up to a point.
  fileprivate func longest(heading path: String) -> String? {
    filter { path == $0 || path.hasPrefix($0 + ".") }.max { $0.count < $1.count }
  }
}

extension [Node] {
  /// The item whose name the path begins with, and what follows.
  fileprivate func named(_ path: String) -> (index: Int, rest: ArraySlice<Substring>)? {
    let names = map { $0.field("name")?.text ?? "" }
    guard let name = names.filter({ !$0.isEmpty }).longest(heading: path), let index = names.firstIndex(of: name)
    else { return nil }
    return (index, path.dropFirst(name.count + 1).steps)
  }
}

extension Node {
  var items: [Node]? { if case .sequence(let items) = content { items } else { nil } }

  var fields: [(String, Node)] {
    guard case .mapping(let entries) = content else { return [] }
    return entries.compactMap { entry in entry.key.text.map { ($0, entry.value) } }
  }

  func field(_ name: String) -> Node? { fields.last { $0.0 == name }?.1 }

  static func name(_ text: String) -> Node { Node(content: .scalar(text, plain: false), position: .start) }
  static func number(_ text: String) -> Node { Node(content: .scalar(text, plain: true), position: .start) }
  static func list(_ items: [Node]) -> Node { Node(content: .sequence(items), position: .start) }
  static func mapping(_ fields: [(String, Node)]) -> Node {
    Node(content: .mapping(fields.map { Entry(key: .name($0.0), value: $0.1) }), position: .start)
  }

  fileprivate func requireField(_ path: ArraySlice<Substring>) throws(OverrideError) {
    if path.isEmpty { throw OverrideError("the path names no field: \(fields.map(\.0).joined(separator: ", "))") }
  }

  /// With a value at a path; fields on the way that aren't there are made. Nil: without what is there.
  fileprivate func setting(_ path: ArraySlice<Substring>, _ new: Node?) throws(OverrideError) -> Node {
    guard let head = path.first else { return self }
    let rest = path.dropFirst()
    var node = self
    switch content {
    case .sequence(var items):
      guard let index = Int(head), items.indices.contains(index) else {
        throw OverrideError("\(quoted(String(head))) is no place in a list of \(items.count): from 0")
      }
      if !rest.isEmpty {
        items[index] = try items[index].setting(rest, new)
      } else if var new {
        new.position = items[index].position
        items[index] = new
      } else {
        items.remove(at: index)
      }
      node.content = .sequence(items)
    case .mapping(var entries):
      let index = entries.lastIndex { $0.key.text == String(head) }
      var value = index.map { entries[$0].value }
      if !rest.isEmpty {
        value = try (value ?? Node(content: .mapping([]), position: position)).setting(rest, new)
      } else {
        let place = value?.position ?? position
        value = new
        value?.position = place
      }
      if let index { entries.remove(at: index) }
      if let value {
        entries.append(
          Entry(key: Node(content: .scalar(String(head), plain: false), position: value.position), value: value))
      }
      node.content = .mapping(entries)
    case .scalar:
      throw OverrideError("\(quoted(String(head))) is asked of \(kind), which has no fields")
    }
    return node
  }
}
