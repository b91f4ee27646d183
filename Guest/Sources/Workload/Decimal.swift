/// Decimal fractions as whole numbers: `4.5` with three places is 4500. There is no floating point in the program.
public enum Decimal {
  /// Nil where the text is no number without sign and exponent, or too large; further places are cut off.
  public static func parse(_ text: String, places: Int) -> Int? {
    var number = 0
    var left: Int?
    var hasDigits = false
    for byte in text.utf8 {
      if byte == UInt8(ascii: "."), left == nil {
        left = places
        continue
      }
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      hasDigits = true
      if left == 0 { continue }
      let (tenfold, isTooLarge) = number.multipliedReportingOverflow(by: 10)
      let (sum, isLarger) = tenfold.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      guard !isTooLarge && !isLarger else { return nil }
      number = sum
      left = left.map { $0 - 1 }
    }
    guard hasDigits else { return nil }
    for _ in 0..<(left ?? places) {
      let (tenfold, isTooLarge) = number.multipliedReportingOverflow(by: 10)
      guard !isTooLarge else { return nil }
      number = tenfold
    }
    return number
  }
}
