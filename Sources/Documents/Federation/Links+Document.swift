internal import Model

extension Links {
  init?(_ value: Value, sites: NameTable) {
    guard let fields = Fields(value, .links) else { return nil }
    self.init(fields, sites: sites)
  }

  /// - Parameter areReal: whether those between sites are made, as a lab's are.
  init(_ fields: Fields, sites: NameTable, areReal: Bool = false) {
    self.init(
      sameHost: fields["sameHost"].flatMap { Link($0) } ?? Link(),
      sameSite: fields["sameSite"].flatMap { Link($0) } ?? Link(),
      betweenSites: fields["betweenSites"].flatMap { Link($0, isReal: areReal) } ?? Link())
    var lines: [UnorderedPair: UInt32] = [:]
    for item in fields.items("pairs") {
      guard let fields = Fields(item, .linkPair) else { continue }
      let link = Link(fields, isReal: areReal)
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
  fileprivate init?(_ value: Value, isReal: Bool = false) {
    guard let fields = Fields(value, .link) else { return nil }
    self.init(fields, isReal: isReal)
  }

  fileprivate init(_ fields: Fields, isReal: Bool) {
    self.init(latencyMs: fields.number("latencyMs") ?? 0, bandwidthMbps: fields.number("bandwidthMbps", .positive))
    guard isReal else { return }
    if !LabDescription.latenciesMs.contains(latencyMs) {
      fields["latencyMs"]?.error("must be at most 60000, a minute", hint: "a lab makes the lines between its sites")
    }
    if let bandwidthMbps, !LabDescription.bandwidthsMbps.contains(bandwidthMbps) {
      fields["bandwidthMbps"]?.error("must be from 0.001 to 1000000", hint: "absent: as fast as the machine")
    }
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
