internal import Model

extension Links {
  init?(_ value: Value, sites: NameTable) {
    guard let fields = Fields(value, .links) else { return nil }
    self.init(fields, sites: sites)
  }

  init(_ fields: Fields, sites: NameTable) {
    self.init(
      sameHost: fields["sameHost"].flatMap(Link.init) ?? Link(),
      sameSite: fields["sameSite"].flatMap(Link.init) ?? Link(),
      betweenSites: fields["betweenSites"].flatMap(Link.init) ?? Link())
    var lines: [UnorderedPair: UInt32] = [:]
    for item in fields.items("pairs") {
      guard let fields = Fields(item, .linkPair) else { continue }
      let link = Link(fields)
      guard let between = fields["between"], let pair = Self.pair(between, sites: sites) else { continue }
      if let line = lines[pair] {
        let names = "\(quoted(pair.first)) and \(quoted(pair.second))"
        let hint = "first on line \(line); it is the same both ways"
        between.error("the link between \(names) is given twice", hint: hint)
      } else {
        lines[pair] = between.position.line
        pairs[pair] = link
      }
    }
  }

  private static func pair(_ value: Value, sites: NameTable) -> UnorderedPair? {
    let count = if case .sequence(let items) = value.node.content { items.count } else { nil as Int? }
    guard count == 2 else {
      let kind = value.node.kind + (count.map { " of \($0)" } ?? "")
      value.error("must be a list of two sites, this is \(kind)", hint: "[rennes, cloud-a]")
      return nil
    }
    let names = value.items().map { sites.reference($0) }
    guard let first = names[0], let second = names[1] else { return nil }
    guard first != second else {
      value.error("\(quoted(first)) is paired with itself", hint: "inside a site, `sameSite` counts")
      return nil
    }
    return UnorderedPair(first, second)
  }
}

extension Link {
  fileprivate init?(_ value: Value) {
    guard let fields = Fields(value, .link) else { return nil }
    self.init(fields)
  }

  fileprivate init(_ fields: Fields) {
    self.init(latencyMs: fields.number("latencyMs") ?? 0, bandwidthMbps: fields.number("bandwidthMbps", .positive))
  }
}

extension Egress {
  init?(_ value: Value, sites: NameTable) {
    guard let fields = Fields(value, .egress) else { return nil }
    self.init(betweenSites: fields.number("betweenSites") ?? 0)
    var lines: [OrderedPair: UInt32] = [:]
    for item in fields.items("pairs") {
      guard let fields = Fields(item, .egressPair) else { continue }
      let price = fields.number("perGB")
      guard let from = fields["from"].flatMap(sites.reference), let to = fields["to"].flatMap(sites.reference)
      else { continue }
      let pair = OrderedPair(from: from, to: to)
      if from == to {
        item.error("\(quoted(from)) is paired with itself", hint: "nothing is paid inside a site")
      } else if let line = lines[pair] {
        let names = "from \(quoted(from)) to \(quoted(to))"
        item.error("the price \(names) is given twice", hint: "first on line \(line)")
      } else {
        lines[pair] = item.position.line
        pairs[pair] = price
      }
    }
  }
}
