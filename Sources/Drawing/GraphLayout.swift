/// Where the graph's vertices go: each group a ring, the groups on a ring of rings or, if there are many, on shells.
///
/// No randomness and no simulation: members that exchange much sit side by side, and each ring is turned so that
/// members with traffic to other groups face them.
struct GraphLayout {
  /// Members of each ring, in the order of the drawing's groups, then one ring of those in none.
  var rings: [Ring]
  var places: [Point]
  /// From (0, 0) to here all circles and names fit.
  var size = Point()
  let isNamed: Bool

  struct Ring {
    var group: Int?
    /// In the order around the ring.
    var members: [Int]
    var centre = Point()
    /// Of the vertices' places.
    var radius: Double
    /// With what stands around them.
    var outer: Double
    /// The place of the first member.
    var turns = -0.25
    /// Whether the members go round counterclockwise.
    var isReversed = false
    /// Filled from the centre, where a ring would be too wide.
    var isDisc: Bool
  }

  /// `pairs` are those that are drawn.
  init(of drawing: TrafficDrawing, pairs: some Sequence<TrafficDrawing.Arc>) {
    let count = drawing.names.count
    isNamed = count <= HeatMap.labelled
    places = Array(repeating: Point(), count: count)
    var members: [Int?: [Int]] = [:]
    for index in drawing.names.indices { members[drawing.groups[index], default: []].append(index) }
    let groups = (0..<drawing.groupCount).map(Optional.some) + [nil]
    let links = Self.links(count: count, pairs)
    rings = []
    for group in groups {
      guard let members = members[group] else { continue }
      let isDisc = !isNamed && members.count > Self.discLimit
      let radius = radius(of: members.count)
      let name = isNamed ? members.map { Self.room(for: drawing.names[$0]) }.max() ?? 0 : 0
      let ordered = Self.aroundRing(members, links)
      rings.append(
        Ring(group: group, members: ordered, radius: radius, outer: radius + 14 + name, isDisc: isDisc))
    }
    placeRings()
    placeMembers()
    for _ in 0..<3 { turnRings(links) }
    moveToOrigin()
  }

  /// Each vertex's neighbours.
  private static func links(
    count: Int, _ pairs: some Sequence<TrafficDrawing.Arc>
  ) -> [[(other: Int, weight: Double)]] {
    var links = [[(other: Int, weight: Double)]](repeating: [], count: count)
    for pair in pairs {
      links[pair.source].append((pair.destination, pair.weight))
      links[pair.destination].append((pair.source, pair.weight))
    }
    return links
  }

  /// Of a ring (or disc) of so many members: wide where there are few vertices in all.
  private func radius(of count: Int) -> Double {
    if count == 1 { return 0 }
    if isNamed {
      let distance = min(max(960 / Double(places.count), 15), 120)
      return max(44, Double(count) * distance / (2 * .pi))
    }
    return count > Self.discLimit ? 5 * Double(count).squareRoot() : max(7, Double(count) * 6 / (2 * .pi))
  }

  /// More members than this, without names, fill a disc.
  private static let discLimit = 60

  static func room(for name: String) -> Double { Canvas.width(of: Text.shortened(name, to: 20), size: 10) }

  private mutating func placeMembers() {
    for ring in rings {
      for (index, place) in ring.places.enumerated() { places[ring.members[index]] = place }
    }
  }
}

extension GraphLayout.Ring {
  /// Of the members, in their order.
  var places: [Point] {
    let count = Double(members.count)
    return members.indices.map { index in
      if isDisc {
        // Sunflower: H. Vogel, Math. Biosci. 44, 179 (1979).
        let distance = radius * ((Double(index) + 0.5) / count).squareRoot()
        return centre + Figures.point(distance: distance, turns: Double(index) * 0.381_966_011_250_105)
      }
      let part = Double(index) / count
      return centre + Figures.point(distance: radius, turns: turns + (isReversed ? -part : part))
    }
  }
}
