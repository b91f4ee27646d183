/// An assignment of items to places, with what each item would cost at every place: the difference that a move or a
/// swap makes takes constant time.
package struct QuadraticState {
  let problem: QuadraticProblem
  /// −1: nowhere yet.
  package private(set) var placeOf: [Int]
  /// By item and place: cost of the item there, its own and with all peers that have a place.
  private(set) var costs: [Double]
  private(set) var usedVCPUs: [Double]
  private(set) var usedMemory: [Double]
  /// Differences between two places' columns, for a move.
  private var latencyStep: [Double]
  private var outStep: [Double]
  private var inStep: [Double]

  /// All items nowhere.
  init(_ problem: QuadraticProblem) {
    self.problem = problem
    placeOf = [Int](repeating: -1, count: problem.items)
    costs = problem.own
    usedVCPUs = [Double](repeating: 0, count: problem.places)
    usedMemory = usedVCPUs
    latencyStep = usedVCPUs
    outStep = usedVCPUs
    inStep = usedVCPUs
  }

  package init(_ problem: QuadraticProblem, _ placement: [Int]) {
    self.init(problem)
    for item in placement.indices { move(item, to: placement[item]) }
  }

  /// What a move changes.
  package func difference(_ item: Int, to place: Int) -> Double {
    costs[item * problem.places + place] - costs[item * problem.places + placeOf[item]]
  }

  /// Puts an item (that may be nowhere yet) at a place.
  package mutating func move(_ item: Int, to place: Int) {
    let places = problem.places
    let from = placeOf[item]
    if from == place { return }
    for other in 0..<places {
      latencyStep[other] = problem.latency[other * places + place]
      outStep[other] = problem.price[other * places + place]
      inStep[other] = problem.price[place * places + other]
    }
    if from >= 0 {
      for other in 0..<places {
        latencyStep[other] -= problem.latency[other * places + from]
        outStep[other] -= problem.price[other * places + from]
        inStep[other] -= problem.price[from * places + other]
      }
      usedVCPUs[from] -= problem.vcpus[item]
      usedMemory[from] -= problem.memory[item]
    }
    placeOf[item] = place
    usedVCPUs[place] += problem.vcpus[item]
    usedMemory[place] += problem.memory[item]
    for entry in problem.entries(of: item) {
      let row = problem.peers[entry] * places
      let waiting = problem.waits[entry]
      if waiting != 0 {
        for other in 0..<places { costs[row + other] += waiting * latencyStep[other] }
      }
      guard problem.hasBytes else { continue }
      // From the peer's side: what comes in here goes out there.
      let (out, back) = (problem.bytesIn[entry], problem.bytesOut[entry])
      for other in 0..<places { costs[row + other] += out * outStep[other] + back * inStep[other] }
    }
  }

  /// What a swap of two items changes beside the differences of their two moves, each of which takes the other to stay.
  package func correction(_ item: Int, _ other: Int) -> Double {
    let (place, target) = (placeOf[item], placeOf[other])
    let swapped = problem.entries(of: other).count < problem.entries(of: item).count
    let (first, second) = swapped ? (other, item) : (item, other)
    for entry in problem.entries(of: first) where problem.peers[entry] == second {
      return correction(entry: entry, place, target)
    }
    return 0
  }

  /// The same for the pair of an entry, at two places.
  func correction(entry: Int, _ place: Int, _ target: Int) -> Double {
    problem.cost(entry, place, target) + problem.cost(entry, target, place) - problem.cost(entry, place, place)
      - problem.cost(entry, target, target)
  }

  /// What a move of `item` to a place (and of `other`, if not −1, from there to where it was) changes of the sum of
  /// overloads.
  package func overloadDifference(_ item: Int, _ other: Int, _ place: Int) -> Double {
    let from = placeOf[item]
    let vcpus = problem.vcpus[item] - (other < 0 ? 0 : problem.vcpus[other])
    let memory = problem.memory[item] - (other < 0 ? 0 : problem.memory[other])
    return over(place, vcpus, memory) + over(from, -vcpus, -memory) - over(place, 0, 0) - over(from, 0, 0)
  }

  private func over(_ place: Int, _ vcpus: Double, _ memory: Double) -> Double {
    problem.overload(place, vcpus: usedVCPUs[place] + vcpus, memory: usedMemory[place] + memory)
  }

  /// How much more is at a place than it has room for, vCPUs and GiB; 0 within rounding.
  func overload(_ place: Int) -> Double { over(place, 0, 0) }

  package var overload: Double { (0..<problem.places).reduce(0) { $0 + overload($1) } }

  /// Cost of all: own costs once, pairs once.
  package var cost: Double {
    var sum = 0.0
    for item in 0..<problem.items {
      let entry = item * problem.places + placeOf[item]
      sum += (costs[entry] + problem.own[entry]) / 2
    }
    return sum
  }
}
