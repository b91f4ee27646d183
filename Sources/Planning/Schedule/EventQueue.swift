/// What is going to happen, the earliest first; of one instant by rank, then in the order in which it was added: a
/// binary heap.
package struct EventQueue<Event> {
  private struct Entry {
    var seconds: Double
    var rank: Int
    var number: Int
    var event: Event

    static func < (left: Entry, right: Entry) -> Bool {
      (left.seconds, left.rank, left.number) < (right.seconds, right.rank, right.number)
    }
  }

  private var entries: [Entry] = []
  private var added = 0

  package init() {}

  package var first: (seconds: Double, event: Event)? { entries.first.map { ($0.seconds, $0.event) } }

  package mutating func add(_ event: Event, at seconds: Double, rank: Int) {
    entries.append(Entry(seconds: seconds, rank: rank, number: added, event: event))
    added += 1
    var child = entries.count - 1
    while child > 0, entries[child] < entries[(child - 1) / 2] {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  package mutating func next() -> (seconds: Double, event: Event)? {
    guard let last = entries.popLast() else { return nil }
    guard let first = entries.first else { return (last.seconds, last.event) }
    entries[0] = last
    var parent = 0
    while true {
      var least = parent
      var child = 2 * parent + 1
      while child < min(2 * parent + 3, entries.count) {
        if entries[child] < entries[least] { least = child }
        child += 1
      }
      if least == parent { break }
      entries.swapAt(parent, least)
      parent = least
    }
    return (first.seconds, first.event)
  }
}
