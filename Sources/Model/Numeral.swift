/// Figures as people read them in tables, pictures and reasons: three significant digits, everyday units, no exponents
/// for everyday sizes; and as programs read them.
package enum Numeral {
  /// `0.317`, `12.4`, `36,000`; from 10¹⁵ on and below 10⁻⁶ with an exponent; `unlimited`.
  package static func significant(_ value: Double) -> String {
    guard value.isFinite else { return value > 0 ? "unlimited" : "\(value)" }
    if value < 0 { return "-" + significant(-value) }
    if value >= 1e15 || (value > 0 && value < 1e-6) { return "\(value)" }
    var decimals = 2
    var scale = 1.0
    while decimals > 0, value >= scale * 10 { (decimals, scale) = (decimals - 1, scale * 10) }
    scale = 1
    while decimals < 8, value > 0, value < scale { (decimals, scale) = (decimals + 1, scale / 10) }
    return fixed(value, decimals)
  }

  /// `1,234.50` less its trailing zeros: `1,234.5`.
  private static func fixed(_ value: Double, _ decimals: Int) -> String {
    let unit = (0..<decimals).reduce(1.0) { unit, _ in unit * 10 }
    let parts = UInt64((value * unit).rounded()).quotientAndRemainder(dividingBy: UInt64(unit))
    var fraction = String(parts.remainder)
    fraction = String(repeating: "0", count: decimals - min(decimals, fraction.count)) + fraction
    while fraction.last == "0" { fraction.removeLast() }
    return grouped(parts.quotient) + (fraction.isEmpty ? "" : "." + fraction)
  }

  /// `1,234,567`
  package static func grouped(_ number: some BinaryInteger) -> String {
    var text = ""
    let digits = String(number.magnitude)
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (number < 0 ? "-" : "") + text
  }

  /// For programs: as exact as it is, without a separator; whole numbers without a fraction up to 2⁵³.
  package static func plain(_ number: Double) -> String {
    if let whole = Int64(exactly: number), whole.magnitude <= 1 << 53 { String(whole) } else { number.description }
  }

  package static func percent(_ share: Double) -> String { significant(share * 100) + " %" }

  /// `250 ms`, `34.4 s`, `12.5 min`, `10 h`, `3.2 days`.
  package static func duration(_ seconds: Double) -> String {
    switch abs(seconds) {
    case 0: "0 s"
    case ..<0.9995: significant(seconds * 1000) + " ms"
    case ..<120: significant(seconds) + " s"
    case ..<7200: significant(seconds / 60) + " min"
    case ..<172_800: significant(seconds / 3600) + " h"
    default: significant(seconds / 86_400) + " days"
    }
  }
}
