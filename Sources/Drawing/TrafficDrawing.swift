package import Model

/// A traffic matrix and its groups, to be drawn: as SVG (the matrix ordered by group and, beside it, the graph) or
/// written as DOT for Graphviz.
///
/// The same values give the same text. Work is bounded: beyond 200 endpoints the matrix is drawn in blocks, and of the
/// graph only the heaviest edges, which the drawing says.
package struct TrafficDrawing: Sendable {
  /// One line, above all.
  let title: String
  /// Lines below the title, such as what a trace holds or how the groups were found; of at most 200 characters.
  let facts: [String]
  let measure: Measure
  /// In the order in which they are drawn: group after group, then those in none.
  let names: [String]
  /// How many groups there are.
  let groupCount: Int
  /// The group of each endpoint, from 0; nil: in none.
  let groups: [Int?]
  /// What was sent, by numbers of endpoints; more than zero. From one to itself: inside it.
  let arcs: [Arc]
  /// Both directions of a pair together, `source` < `destination`, heaviest first.
  let pairs: [Arc]

  struct Arc {
    var source: Int
    var destination: Int
    var weight: Double
  }

  /// Endpoints of the matrix that are in no group are drawn as ungrouped.
  ///
  /// - Parameter inside: what endpoints that stand for several, as a site does, have sent to themselves: the matrix has
  ///   no such rows. Drawn on the diagonal.
  package init(
    matrix: TrafficMatrix, inside: [TrafficMatrix.Row] = [], measure: Measure, groups: [[Endpoint]], title: String,
    facts: [String] = []
  ) {
    var numbers: [Endpoint: Int] = [:]
    var order: [Endpoint] = []
    var groupOf: [Int?] = []
    func append(_ endpoint: Endpoint, _ group: Int?) {
      if numbers[endpoint] != nil { return }
      numbers[endpoint] = order.count
      order.append(endpoint)
      groupOf.append(group)
    }
    for (group, members) in groups.enumerated() {
      for member in members.sorted(by: Endpoint.naturally) { append(member, group) }
    }
    for endpoint in (matrix.endpoints + inside.map(\.source)).sorted(by: Endpoint.naturally) { append(endpoint, nil) }
    arcs = (matrix.rows + inside.filter { $0.source == $0.destination }).compactMap { row in
      let weight = row.weight(by: measure)
      guard weight > 0, let source = numbers[row.source], let destination = numbers[row.destination]
      else { return nil }
      return Arc(source: source, destination: destination, weight: min(weight, 1e290))
    }
    pairs = Self.pairs(of: arcs.filter { $0.source != $0.destination })
    self.title = title
    self.facts = facts.map { Text.shortened($0, to: 200) }
    self.measure = measure
    names = order.map(\.description)
    groupCount = groups.count
    self.groups = groupOf
  }

  private static func pairs(of arcs: [Arc]) -> [Arc] {
    let sorted = arcs.map { arc in
      Arc(source: min(arc.source, arc.destination), destination: max(arc.source, arc.destination), weight: arc.weight)
    }
    .sorted { ($0.source, $0.destination) < ($1.source, $1.destination) }
    var pairs: [Arc] = []
    for arc in sorted {
      if let last = pairs.last, last.source == arc.source, last.destination == arc.destination {
        pairs[pairs.count - 1].weight += arc.weight
      } else {
        pairs.append(arc)
      }
    }
    return pairs.sorted { ($1.weight, $0.source, $0.destination) < ($0.weight, $1.source, $1.destination) }
  }

  /// What the weights are, after a number.
  var unit: String {
    switch measure {
    case .messages: "packets"
    case .bytes: "IP bytes"
    }
  }

  /// A weight in three digits, such as `12.3 k` (packets) or `12.3 kB`.
  func amount(_ weight: Double) -> String {
    switch measure {
    case .messages: Figures.short(weight)
    case .bytes: weight < 999.5 ? Figures.short(weight) + " B" : Figures.short(weight) + "B"
    }
  }
}
