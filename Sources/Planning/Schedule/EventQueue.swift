/// Instants at which something happens, the next first: a binary heap. What is put off is put in anew, and the old
/// entry is passed over when its turn comes.
struct EventQueue {
  private struct Event {
    let time: Double
    let item: Int
    let stamp: Int

    func isBefore(_ other: Event) -> Bool { (time, item) < (other.time, other.item) }
  }

  private var heap: [Event] = []
  /// Of each item, the entry that counts.
  private var stamps: [Int]

  /// - Parameter count: of items, each with at most one instant.
  init(count: Int) {
    stamps = Array(repeating: 0, count: count)
  }

  /// An item's instant, in place of any that it has.
  mutating func put(_ item: Int, at time: Double) {
    stamps[item] += 1
    heap.append(Event(time: time, item: item, stamp: stamps[item]))
    var place = heap.count - 1
    while place > 0, heap[place].isBefore(heap[(place - 1) / 2]) {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  /// The next instant; nil where there is none.
  mutating func next() -> Double? {
    while let first = heap.first, stamps[first.item] != first.stamp { removeFirst() }
    return heap.first?.time
  }

  /// The items whose instants are no later, which have none from then on.
  mutating func take(until time: Double) -> [Int] {
    var items: [Int] = []
    while let next = next(), next <= time {
      items.append(heap[0].item)
      stamps[heap[0].item] += 1
      removeFirst()
    }
    return items
  }

  private mutating func removeFirst() {
    let last = heap.removeLast()
    guard !heap.isEmpty else { return }
    heap[0] = last
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child].isBefore(heap[least]) {
        least = child
      }
      if least == place { return }
      heap.swapAt(place, least)
      place = least
    }
  }
}
