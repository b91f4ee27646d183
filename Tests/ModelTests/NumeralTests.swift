import Model
import Testing

@Suite struct NumeralTests {
  @Test(arguments: [
    (0, "0"), (0.31746, "0.317"), (12.4, "12.4"), (36_000.2, "36,000"), (0.000_2, "0.0002"), (-1.5, "-1.5"),
    (999.6, "1,000"), (1e16, "1e+16"), (.infinity, "unlimited"),
  ])
  func threeSignificantDigits(value: Double, text: String) {
    #expect(Numeral.significant(value) == text)
  }

  @Test(arguments: [
    (0, "0 s"), (0.25, "250 ms"), (0.99949, "999 ms"), (1, "1 s"), (119.4, "119 s"), (3600, "60 min"), (36_000, "10 h"),
    (259_200, "3 days"), (.infinity, "unlimited days"),
  ])
  func durations(seconds: Double, text: String) {
    #expect(Numeral.duration(seconds) == text)
  }

  @Test func thousandsApart() {
    #expect(Numeral.grouped(1_234_567) == "1,234,567")
    #expect(Numeral.grouped(-123) == "-123")
    #expect(Numeral.grouped(Int64.min) == "-9,223,372,036,854,775,808")
  }
}

@Suite struct NaturalOrderTests {
  @Test func numbersInNamesCountAsNumbers() {
    let names = ["10.0.0.9", "10.0.0.10", "a", "vm1", "vm2", "vm02x", "vm10", "vm10a2", "vm10a10", "vn"].map(
      Endpoint.init)
    #expect(names.shuffled().sorted(by: Endpoint.naturally) == names)
  }

  @Test func leadingZerosDecideLast() {
    let (plain, padded) = (Endpoint("vm1"), Endpoint("vm01"))
    #expect(Endpoint.naturally(padded, plain) != Endpoint.naturally(plain, padded))
    #expect(!Endpoint.naturally(plain, plain))
  }
}
