extension GraphLayout {
  typealias Links = [[(other: Int, weight: Double)]]

  /// Members in the order of their ring: each beside the one it exchanges most with of those left, then pairs of places
  /// swapped while that brings heavy edges closer.
  static func aroundRing(_ members: [Int], _ links: Links) -> [Int] {
    guard members.count > 3, members.count <= 60 else { return members }
    var weights = [[Double]](repeating: Array(repeating: 0, count: members.count), count: members.count)
    for (place, member) in members.enumerated() {
      for link in links[member] {
        if let other = members.firstIndex(of: link.other) { weights[place][other] = link.weight }
      }
    }
    var order = [0]
    var left = Array(1..<members.count)
    while let last = order.last, !left.isEmpty {
      let next = left.indices.reduce(0) { weights[last][left[$1]] > weights[last][left[$0]] ? $1 : $0 }
      order.append(left.remove(at: next))
    }
    improve(&order, weights)
    return order.map { members[$0] }
  }

  private static func improve(_ order: inout [Int], _ weights: [[Double]]) {
    let count = order.count
    let chords = (0..<count).map { Figures.sine(turns: Double($0) / Double(2 * count)) }
    func pull(_ member: Int, at place: Int, without other: Int) -> Double {
      order.indices.reduce(0) { sum, index in
        index == place || order[index] == other
          ? sum : sum + weights[member][order[index]] * chords[abs(index - place)]
      }
    }
    for _ in 0..<4 {
      var isBetter = false
      for first in 0..<count {
        for second in first + 1..<count {
          let (one, other) = (order[first], order[second])
          let before = pull(one, at: first, without: other) + pull(other, at: second, without: one)
          order.swapAt(first, second)
          let after = pull(one, at: second, without: other) + pull(other, at: first, without: one)
          if after < before * (1 - 1e-9) { isBetter = true } else { order.swapAt(first, second) }
        }
      }
      if !isBetter { return }
    }
  }

  /// Up to 24 rings go round a circle, more onto shells around the largest, smaller ones farther out.
  mutating func placeRings() {
    if rings.count < 2 { return }
    if rings.count <= 24 {
      let whole = rings.reduce(0) { $0 + $1.outer } * 2
      var turns = rings.count == 2 ? 0.5 : -0.25
      var angles: [Double] = []
      for (index, ring) in rings.enumerated() {
        angles.append(turns)
        turns += (ring.outer + rings[(index + 1) % rings.count].outer) / whole
      }
      let distance = rings.indices.reduce(0.0) { distance, index in
        let next = (index + 1) % rings.count
        let between = min((rings[index].outer + rings[next].outer) / whole, 0.5)
        return max(distance, (rings[index].outer + rings[next].outer) / 2 / max(Figures.sine(turns: between / 2), 1e-3))
      }
      for index in rings.indices { rings[index].centre = Figures.point(distance: distance, turns: angles[index]) }
      return
    }
    let order = rings.indices.sorted { (-rings[$0].outer, $0) < (-rings[$1].outer, $1) }
    var edge = rings[order[0]].outer
    var next = 1
    while next < order.count {
      let outer = rings[order[next]].outer
      let distance = edge + outer
      let fitting = max(1, Int((0.5 / Figures.arcsine(outer / distance)).rounded(.down)))
      let shell = order[next..<min(next + fitting, order.count)]
      for (place, ring) in shell.enumerated() {
        rings[ring].centre = Figures.point(distance: distance, turns: Double(place) / Double(shell.count) - 0.25)
      }
      edge = distance + outer
      next = shell.endIndex
    }
  }

  /// Turns (and turns over) each ring so that members are near what they exchange with in other rings.
  mutating func turnRings(_ links: Links) {
    let ringOf = ringOfVertex
    for (index, ring) in rings.enumerated() where ring.members.count > 1 && ring.members.count <= 200 && !ring.isDisc {
      let pulls = ring.members.map { member in
        links[member].reduce(Point()) { pull, link in
          ringOf[link.other] == index ? pull : pull + (places[link.other] - ring.centre) * link.weight
        }
      }
      if pulls.allSatisfy({ $0 == Point() }) { continue }
      var best = ring
      var bestPull = -Double.infinity
      for step in 0..<4 * ring.members.count {
        var turned = ring
        turned.isReversed = step % 2 == 1
        turned.turns = Double(step / 2) / Double(2 * ring.members.count) - 0.25
        let pull = zip(turned.places, pulls).reduce(0) { $0 + ($1.0 - ring.centre).dot($1.1) }
        if pull > bestPull + abs(bestPull) * 1e-9 || !bestPull.isFinite { (best, bestPull) = (turned, pull) }
      }
      rings[index] = best
      for (place, point) in best.places.enumerated() { places[ring.members[place]] = point }
    }
  }

  /// Moves all so that nothing is left of or above (0, 0), and shrinks what has no names to at most 1000 pixels.
  mutating func moveToOrigin() {
    let low = Point(
      x: rings.map { $0.centre.x - $0.outer }.min() ?? 0, y: rings.map { $0.centre.y - $0.outer }.min() ?? 0)
    let high = Point(
      x: rings.map { $0.centre.x + $0.outer }.max() ?? 0, y: rings.map { $0.centre.y + $0.outer }.max() ?? 0)
    let scale = isNamed ? 1 : min(1, 1000 / max(high.x - low.x, high.y - low.y, 1))
    size = (high - low) * scale
    for index in places.indices { places[index] = (places[index] - low) * scale }
    for index in rings.indices {
      rings[index].centre = (rings[index].centre - low) * scale
      rings[index].radius *= scale
      rings[index].outer *= scale
    }
  }
}
