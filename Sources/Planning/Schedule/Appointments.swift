/// Instants of items, at most one each. One that is put off has a new entry in the queue, and the old one is passed
/// over when its turn comes.
struct Appointments {
  private struct Entry {
    let item: Int
    let stamp: Int
  }

  private var queue = EventQueue<Entry>()
  /// Of each item, the entry that counts.
  private var stamps: [Int]

  init(count: Int) {
    stamps = Array(repeating: 0, count: count)
  }

  /// An item's instant, in place of any that it has.
  mutating func put(_ item: Int, at time: Double) {
    stamps[item] += 1
    queue.add(Entry(item: item, stamp: stamps[item]), at: time, rank: item)
  }

  /// The next instant; nil where there is none.
  mutating func next() -> Double? {
    while let first = queue.first, stamps[first.event.item] != first.event.stamp { _ = queue.next() }
    return queue.first?.seconds
  }

  /// The items whose instants are no later, which have none from then on.
  mutating func take(until time: Double) -> [Int] {
    var items: [Int] = []
    while let next = next(), next <= time, let item = queue.next()?.event.item {
      items.append(item)
      stamps[item] += 1
    }
    return items
  }
}
