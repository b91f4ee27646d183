import Planning
import Testing

@Suite struct EventQueueTests {
  @Test func whatIsEarlierComesFirstThenByRankThenAsAdded() {
    var queue = EventQueue<String>()
    for (event, seconds, rank) in [("e", 2.0, 1), ("b", 1, 3), ("c", 2, 0), ("a", 0.5, 9), ("f", 2, 1), ("d", 2, 0)] {
      queue.add(event, at: seconds, rank: rank)
    }
    #expect(queue.first?.event == "a")
    var events = ""
    while let next = queue.next() { events += next.event }
    #expect(events == "abcdef")
    #expect(queue.first == nil)
  }
}
