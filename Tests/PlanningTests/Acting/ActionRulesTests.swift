import Planning
import Testing

@Suite struct ActionRulesTests {
  @Test func aRestIsFiveTimesAsLongAsTheMovesWithinBounds() {
    let rules = ActionRules()
    #expect(rules.rest(afterMovesOf: 1) == 30)
    #expect(rules.rest(afterMovesOf: 60) == 300)
    #expect(rules.rest(afterMovesOf: 7200) == 3600)
  }

  @Test func failuresDoubleTheRest() {
    let rules = ActionRules()
    #expect([1, 2, 3, 7, 8, 100].map { rules.rest(afterFailures: $0) } == [30, 60, 120, 1920, 3600, 3600])
  }
}
