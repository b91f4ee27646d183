/// Lengths of time as people write them: `30s`, `500ms`, `5m`, `1h`, `1d`, or plain seconds.
public enum DurationText {
  private static let units: [(name: String, nanoseconds: Double)] = [
    ("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 6e10), ("h", 3.6e12), ("d", 8.64e13),
  ]

  /// Nanoseconds, below zero where somebody says so; nil for what is no length of time, or none that 64 bits count.
  public static func nanoseconds(_ text: some StringProtocol) -> Int64? {
    let unit = units.first { text.hasSuffix($0.name) } ?? ("", 1e9)
    guard let number = Double(String(text.dropLast(unit.name.count))), number.isFinite else { return nil }
    let product = (number * unit.nanoseconds).rounded()
    guard product.magnitude >= 1 || number == 0, product.magnitude < 0x1p62 else { return nil }
    return Int64(product)
  }
}
