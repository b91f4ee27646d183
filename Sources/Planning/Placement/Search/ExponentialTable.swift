/// Exponentially distributed random numbers of mean 1, from a table of quantiles: what −ln(u) gives, without a
/// logarithm each time.
struct ExponentialTable: Sendable {
  private let quantiles = Self.all

  private static let all = (0..<4096).map { -logarithm((Double($0) + 0.5) / 4096) }

  func next(_ random: inout SplitMix64) -> Double { quantiles[Int(random.next() >> 52)] }

  /// ln x for x > 0: exponent and significand apart, the latter by the series of artanh.
  static func logarithm(_ x: Double) -> Double {
    let significand = x.significand
    let z = (significand - 1) / (significand + 1)
    var (sum, power) = (0.0, z)
    for term in stride(from: 1.0, through: 41, by: 2) {
      sum += power / term
      power *= z * z
    }
    return 2 * sum + Double(x.exponent) * 0.693_147_180_559_945_3
  }
}
