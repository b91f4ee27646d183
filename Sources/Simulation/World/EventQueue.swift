/// What is going to happen, the earliest first; of one instant by rank, then in the order in which it was added.
struct EventQueue<Event> {
  private struct Entry {
    var seconds: Double
    var rank: Int
    var number: Int
    var event: Event

    static func < (left: Entry, right: Entry) -> Bool {
      (left.seconds, left.rank, left.number) < (right.seconds, right.rank, right.number)
    }
  }

  /// A binary heap.
  private var entries: [Entry] = []
  private var added = 0

  var isEmpty: Bool { entries.isEmpty }

  mutating func add(_ event: Event, at seconds: Double, rank: Int) {
    entries.append(Entry(seconds: seconds, rank: rank, number: added, event: event))
    added += 1
    var child = entries.count - 1
    while child > 0, entries[child] < entries[(child - 1) / 2] {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func next() -> (seconds: Double, event: Event)? {
    guard let last = entries.popLast() else { return nil }
    guard let first = entries.first else { return (last.seconds, last.event) }
    entries[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count && entries[child] < entries[least] {
        least = child
      }
      if least == parent { break }
      entries.swapAt(parent, least)
      parent = least
    }
    return (first.seconds, first.event)
  }
}
