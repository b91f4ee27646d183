import Moves
import Testing

/// All orders of what can happen around a move, as far as they go, and many random ones.
@Suite struct MoveExplorationTests {
  /// One mishap each at every point of the move, in every order with all else. Each world found is also followed to
  /// its end.
  @Test(arguments: [
    World.Budget(),
    World.Budget(sourceAgentDeaths: 1),
    World.Budget(destinationAgentDeaths: 1),
    World.Budget(sourceHypervisorDeaths: 1),
    World.Budget(destinationHypervisorDeaths: 1),
    World.Budget(processDeaths: 1),
    World.Budget(cuts: 1),
    World.Budget(losses: 1),
    World.Budget(doubles: 1),
    World.Budget(cancels: 1),
    World.Budget(failures: 1),
    World.Budget(timers: 2),
    World.Budget(sourceAgentDeaths: 1, onwardMoves: 1),
    World.Budget(sourceAgentDeaths: 1, cuts: 1),
    World.Budget(sourceHypervisorDeaths: 1, cuts: 1),
  ])
  func everyOrder(_ budget: World.Budget) {
    let failure = explore(World.begun(budget), atMost: 12_000)
    #expect(failure == nil)
  }

  @Test(arguments: 0..<8) func randomOrders(_ block: Int) {
    for seed in UInt64(block * 500)..<UInt64(block * 500 + 500) {
      var generator = SeededGenerator(seed)
      let budget = World.Budget(
        sourceAgentDeaths: .random(in: 0...2, using: &generator),
        destinationAgentDeaths: .random(in: 0...2, using: &generator),
        sourceHypervisorDeaths: .random(in: 0...1, using: &generator),
        destinationHypervisorDeaths: .random(in: 0...1, using: &generator),
        processDeaths: seed % 4 == 0 ? 1 : 0, cuts: .random(in: 0...3, using: &generator),
        losses: .random(in: 0...4, using: &generator), doubles: .random(in: 0...4, using: &generator),
        timers: .random(in: 0...12, using: &generator), cancels: .random(in: 0...1, using: &generator),
        onwardMoves: .random(in: 0...1, using: &generator), failures: .random(in: 0...1, using: &generator))
      let failure = walk(World.begun(budget), &generator)
      #expect(failure == nil, "seed \(seed)")
      if failure != nil { return }
    }
  }

  /// Breadth first, each world once.
  /// - Returns: the way to the first world that is wrong.
  func explore(_ start: World, atMost limit: Int) -> Failure? {
    var seen: Set<World> = [start]
    var queue = [(world: start, way: Way?.none)]
    var index = 0
    var generator = SeededGenerator(1)
    while index < queue.count {
      let (world, way) = queue[index]
      index += 1
      if let failure = judge(world, way, &generator) { return failure }
      guard seen.count < limit else { continue }
      for transition in world.transitions() {
        let next = world.after(transition)
        if seen.insert(next).inserted { queue.append((next, Way(transition, after: way))) }
      }
    }

    return nil
  }

  func walk(_ start: World, _ generator: inout SeededGenerator) -> Failure? {
    var world = start
    var way: Way?
    for _ in 0..<Int.random(in: 0...120, using: &generator) {
      guard let transition = world.transitions().randomElement(using: &generator) else { break }
      world = world.after(transition)
      way = Way(transition, after: way)
      if let text = world.violation { return Failure(text: text, way: way) }
    }
    return judge(world, way, &generator)
  }

  private func judge(_ world: World, _ way: Way?, _ generator: inout SeededGenerator) -> Failure? {
    if let text = world.violation { return Failure(text: text, way: way) }
    guard let end = world.healed(&generator) else { return Failure(text: "it doesn't end", way: way) }
    if let text = end.violation { return Failure(text: "\(text), when healing", way: way) }
    let remainder = end.remainder
    return remainder.isEmpty ? nil : Failure(text: remainder.joined(separator: "; "), way: way)
  }
}

struct Failure: CustomStringConvertible {
  var text: String
  var way: Way?

  var description: String { "\(text) after \(way?.transitions.map { "\($0)" }.joined(separator: "\n  ") ?? "nothing")" }
}

/// How a world came about.
final class Way {
  let transition: World.Transition
  let before: Way?

  init(_ transition: World.Transition, after before: Way?) {
    (self.transition, self.before) = (transition, before)
  }

  var transitions: [World.Transition] { (before?.transitions ?? []) + [transition] }
}

extension World {
  /// The move is approved.
  static func begun(_ budget: Budget) -> World {
    var world = World(budget)
    world.source.move = Move(request, entry: first)
    world.source.handle(.approved)
    return world
  }
}
