import Testing
import Workload

@Suite struct DecimalTests {
  @Test(arguments: [
    ("0", 0), ("20", 20_000), ("20.0", 20_000), ("4.5", 4500), ("0.001", 1), ("0.0019", 1), (".5", 500), ("7.", 7000),
  ])
  func readsThousandths(text: String, expected: Int) {
    #expect(Decimal.parse(text, places: 3) == expected)
  }

  @Test(arguments: ["", ".", "-1", "+1", "1e3", "1.2.3", "nan", "1,5", "9999999999999999999", "9223372036854775807"])
  func refusesWhatIsNoNumberOrTooLarge(text: String) {
    #expect(Decimal.parse(text, places: 3) == nil)
  }
}
