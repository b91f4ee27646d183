package import Model

/// How fast moves between sites have been: what of its bandwidth a link gives to a move, set-up included.
package struct MoveRates: Codable, Hashable, Sendable {
  /// From one site to another, or from host to host of one.
  package struct Link: Codable, Hashable, Sendable {
    package var from: String
    package var to: String
    /// Bytes per second of the latest moves, the oldest first.
    package var rates: [Double]

    /// The median.
    package var rate: Double { rates.median ?? 0 }

    /// `moves from a to b go at 88 MB/s ± 6 (5 moves)`: the median, and how far they differ.
    package var words: String {
      let spread = rates.deviation.map { " ± \(Words.number($0 / 1e6))" } ?? ""
      let place = from == to ? "within \(from)" : "from \(from) to \(to)"
      return "moves \(place) go at \(Words.number(rate / 1e6)) MB/s\(spread) (\(Words.count(rates.count, "move")))"
    }
  }

  private(set) package var links: [Link] = []

  /// So many are kept of each.
  static let mostMoves = 8
  /// Moves of fewer bytes tell of their set-up.
  static let leastBytes = 0x1p24

  package init() {}

  /// - Parameter seconds: of the whole move.
  /// - Returns: the link with it; nil where it tells nothing.
  package mutating func learn(from: String, to: String, bytes: Double, seconds: Double) -> Link? {
    guard bytes >= Self.leastBytes, seconds > 0, seconds.isFinite else { return nil }
    let index = links.firstIndex { $0.from == from && $0.to == to } ?? links.count
    if index == links.count { links.append(Link(from: from, to: to, rates: [])) }
    links[index].rates.append(bytes / seconds)
    links[index].rates.removeFirst(max(0, links[index].rates.count - Self.mostMoves))
    return links[index]
  }

  /// Where a link isn't what it was.
  package mutating func forget(where hasChanged: (Link) -> Bool) { links.removeAll(where: hasChanged) }

  /// As a federation has them.
  package var byPair: [OrderedPair: Double] {
    Dictionary(links.map { (OrderedPair(from: $0.from, to: $0.to), $0.rate) }, uniquingKeysWith: { $1 })
  }
}
