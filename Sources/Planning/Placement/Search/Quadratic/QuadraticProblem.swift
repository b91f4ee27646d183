/// Items to be put on places with limited room, at a cost of their own there and one for each pair of items by their
/// two places: the generalised quadratic assignment problem, as which a placement looks where σ is taken as linear.
///
/// Items are VMs or groups of them, places are sites or hosts. Tables by item and place have entry `item · places +
/// place`, by two places `from · places + to`.
package struct QuadraticProblem: Sendable {
  package let items: Int
  package let places: Int
  /// VMs in each item.
  var sizes: [Double]
  /// vCPUs and memory of each item, and the room for them at each place.
  var vcpus: [Double]
  var memory: [Double]
  var roomVCPUs: [Double]
  var roomMemory: [Double]
  /// Cost of an item alone; infinite where it may not be.
  var own: [Double]
  /// Peers in compressed rows; each pair at both ends.
  var offsets: [Int]
  var peers: [Int]
  /// Of a pair of items: what one second between their places costs, and bytes from the item to the peer and back.
  var waits: [Double]
  var bytesOut: [Double]
  var bytesIn: [Double]
  /// What all pairs of an item's VMs weigh, those within it twice, from both ends; none where places are hosts.
  var volumes: [Double]
  /// Between two places: seconds, and price of a byte from the first to the second.
  let latency: [Double]
  let price: [Double]
  let hasBytes: Bool
  /// What a second or a byte between two items costs on average, once they are at two places rather than one.
  let latencyScale: Double
  let priceScale: Double

  /// What it is worth to have the two ends of an entry at one place.
  func weight(_ entry: Int) -> Double {
    waits[entry] * latencyScale + (bytesOut[entry] + bytesIn[entry]) * priceScale
  }

  /// The same with room for the largest item more at every place, where hardly any room is left over: of coarse items
  /// none may fit in what is left to the last, and nothing could move. What is beyond the room moves on when they are
  /// apart again.
  func withSlack() -> Self {
    var problem = self
    Self.slacken(&problem.roomVCPUs, vcpus)
    Self.slacken(&problem.roomMemory, memory)
    return problem
  }

  private static func slacken(_ rooms: inout [Double], _ sizes: [Double]) {
    let largest = sizes.max() ?? 0
    guard rooms.reduce(0, +) - sizes.reduce(0, +) < Double(rooms.count) * largest else { return }
    for place in rooms.indices where rooms[place] > 0 { rooms[place] += largest }
  }

  func entries(of item: Int) -> Range<Int> { offsets[item]..<offsets[item + 1] }

  /// Cost of the pair of an entry, its item at one place and its peer at another.
  func cost(_ entry: Int, _ place: Int, _ other: Int) -> Double {
    let waiting = waits[entry] * latency[place * places + other]
    if !hasBytes { return waiting }
    return waiting + bytesOut[entry] * price[place * places + other] + bytesIn[entry] * price[other * places + place]
  }

  /// Cost of all: own costs, and of each pair at its first end.
  func cost(of placement: [Int]) -> Double {
    var sum = 0.0
    for item in 0..<items {
      sum += own[item * places + placement[item]]
      for entry in entries(of: item) where peers[entry] > item {
        sum += cost(entry, placement[item], placement[peers[entry]])
      }
    }
    return sum
  }

  /// How much more is at places than they have room for, vCPUs and GiB; none within rounding.
  func overload(of placement: [Int]) -> Double {
    var (usedVCPUs, usedMemory) = (roomVCPUs.map { _ in 0.0 }, roomVCPUs.map { _ in 0.0 })
    for item in 0..<items {
      usedVCPUs[placement[item]] += vcpus[item]
      usedMemory[placement[item]] += memory[item]
    }
    return (0..<places).reduce(0) { $0 + overload($1, vcpus: usedVCPUs[$1], memory: usedMemory[$1]) }
  }

  /// By how much so many vCPUs and GiB are more than a place has room for; 0 within rounding.
  @inline(__always)
  func overload(_ place: Int, vcpus: Double, memory: Double) -> Double {
    (exceeds(vcpus, roomVCPUs[place]) ? vcpus - roomVCPUs[place] : 0)
      + (exceeds(memory, roomMemory[place]) ? memory - roomMemory[place] : 0)
  }
}
