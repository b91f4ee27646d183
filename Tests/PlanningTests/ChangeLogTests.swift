import Planning
import Testing

@Suite struct ChangeLogTests {
  /// Few changes, many, and more than there are elements: the copy is what it would be if all were copied.
  @Test(arguments: [0, 1, 5, 10, 11, 100]) func bringsACopyUpToDate(changes: Int) {
    var random = FixedRandom(changes)
    var placement = [Int](0..<10)
    var copy = placement
    var log = ChangeLog(count: 10)
    for round in 1...5 {
      for change in 0..<changes {
        let index = Int.random(in: 0..<10, using: &random)
        placement[index] = 1000 * round + change
        log.note(index)
      }
      log.update(&copy, to: placement)
      #expect(copy == placement)
    }
  }
}
