/// A network between a source and a sink, and its maximum flow (Dinic, "Algorithm for solution of a problem of maximum
/// flow in a network with power estimation", Soviet Math. Doklady 11, 1970).
package struct MaximumFlow {
  /// What is left of the capacity from the source to a node (above 0), or from it to the sink (below 0).
  private var terminal: [Double]
  /// Arcs as lists by node; those of one pair of nodes are 2k and 2k + 1.
  private var first: [Int32]
  private var next: [Int32] = []
  private var head: [Int32] = []
  private var residual: [Double] = []
  private var level: [Int32]
  private var current: [Int32]
  private var queue: [Int32] = []
  private var path: [Int32] = []
  /// Below that nothing is left but rounding.
  private var least = 0.0

  /// - Parameter terminal: by node, capacity from the source or, negative, to the sink.
  package init(terminal: [Double]) {
    self.terminal = terminal
    first = [Int32](repeating: -1, count: terminal.count)
    level = first
    current = first
  }

  /// Joins two nodes by arcs of the same capacity both ways.
  package mutating func join(_ node: Int, _ other: Int, capacity: Double) {
    for (from, to) in [(node, other), (other, node)] {
      next.append(first[from])
      first[from] = Int32(head.count)
      head.append(Int32(to))
      residual.append(capacity)
    }
  }

  /// Sends as much as fits.
  /// - Parameter isOver: told after each phase how many nodes it went through; ends the run.
  /// - Returns: whether it came to its end: else there is no cut.
  package mutating func run(isOver: (_ done: Int) -> Bool = { _ in false }) -> Bool {
    least = 1e-9 * max(residual.max() ?? 0, terminal.reduce(0) { max($0, abs($1)) })
    while rank() {
      current = first
      for index in queue.indices where level[Int(queue[index])] == 0 {
        while terminal[Int(queue[index])] > least, augment(from: queue[index]) {}
      }
      if isOver(queue.count) { return false }
    }
    return true
  }

  /// Distances from the source.
  /// - Returns: whether the sink can be reached.
  private mutating func rank() -> Bool {
    queue.removeAll(keepingCapacity: true)
    for node in level.indices {
      level[node] = terminal[node] > least ? 0 : -1
      if level[node] == 0 { queue.append(Int32(node)) }
    }
    var reaches = false
    var done = 0
    while done < queue.count {
      let node = Int(queue[done])
      done += 1
      if terminal[node] < -least { reaches = true }
      var arc = first[node]
      while arc >= 0 {
        let peer = Int(head[Int(arc)])
        if level[peer] < 0, residual[Int(arc)] > least {
          level[peer] = level[node] + 1
          queue.append(Int32(peer))
        }
        arc = next[Int(arc)]
      }
    }
    return reaches
  }

  /// One path from a node next to the source.
  private mutating func augment(from start: Int32) -> Bool {
    path.removeAll(keepingCapacity: true)
    var node = Int(start)
    while true {
      if terminal[node] < -least {
        var most = min(terminal[Int(start)], -terminal[node])
        for arc in path { most = min(most, residual[Int(arc)]) }
        for arc in path {
          residual[Int(arc)] -= most
          residual[Int(arc) ^ 1] += most
        }
        terminal[Int(start)] -= most
        terminal[node] += most
        return true
      }
      var arc = current[node]
      while arc >= 0 {
        if residual[Int(arc)] > least, level[Int(head[Int(arc)])] == level[node] + 1 { break }
        arc = next[Int(arc)]
      }
      current[node] = arc
      if arc >= 0 {
        path.append(arc)
        node = Int(head[Int(arc)])
      } else {
        guard let back = path.popLast() else { return false }
        node = Int(head[Int(back) ^ 1])
        current[node] = next[Int(back)]
      }
    }
  }

  /// By node, whether it is on the source's side of every minimum cut.
  package var sourceSide: [Bool] { side(1, against: 0) }

  /// By node, whether it is on the sink's side of every minimum cut.
  package var sinkSide: [Bool] { side(-1, against: 1) }

  private func side(_ sign: Double, against: Int) -> [Bool] {
    var side = terminal.map { sign * $0 > least }
    var found = side.indices.filter { side[$0] }.map { Int32($0) }
    spread(&found, &side, against: against)
    return side
  }

  /// What joins the source's side with a node that is on either side of some minimum cut: with these, too, the cut is
  /// a minimum (Picard and Queyranne, "On the structure of all minimum cuts in a network", Math. Programming Study 13,
  /// 1980).
  /// - Parameter side: what has joined it before; all that is found joins it.
  package func joining(_ node: Int32, _ side: inout [Bool]) -> [Int32] {
    var found = [node]
    side[Int(node)] = true
    spread(&found, &side, against: 0)
    return found
  }

  /// Adds what can still be reached; against the arcs for 1.
  private func spread(_ found: inout [Int32], _ side: inout [Bool], against: Int) {
    var done = 0
    while done < found.count {
      var arc = first[Int(found[done])]
      done += 1
      while arc >= 0 {
        let peer = head[Int(arc)]
        if !side[Int(peer)], residual[Int(arc) ^ against] > least {
          side[Int(peer)] = true
          found.append(peer)
        }
        arc = next[Int(arc)]
      }
    }
  }
}
