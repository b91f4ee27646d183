/// Figures and lists as an operator reads them in a reason: three significant digits, everyday units, no exponents.
enum Words {
  /// `0.317`, `12.4`, `36,000`.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return value > 0 ? "unlimited" : "\(value)" }
    if value < 0 { return "-" + number(-value) }
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

  private static func grouped(_ value: UInt64) -> String {
    var text = ""
    let digits = String(value)
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  static func percent(_ share: Double) -> String { number(share * 100) + " %" }

  /// `250 ms`, `34.4 s`, `12.5 min`, `10 h`, `3.2 days`.
  static func duration(_ seconds: Double) -> String {
    switch abs(seconds) {
    case 0: "0 s"
    case ..<0.9995: number(seconds * 1000) + " ms"
    case ..<120: number(seconds) + " s"
    case ..<7200: number(seconds / 60) + " min"
    case ..<172_800: number(seconds / 3600) + " h"
    default: number(seconds / 86_400) + " days"
    }
  }

  /// `18 h from now`, `18 h ago`.
  static func fromNow(_ seconds: Double) -> String {
    seconds < 0 ? "\(duration(-seconds)) ago" : "\(duration(seconds)) from now"
  }

  /// `a`, `a and b`, `a, b and c`, `a, b, c and 9 more`.
  static func list(_ names: [String], most: Int = 6, and: String = "and") -> String {
    guard let last = names.last else { return "none" }
    if names.count == 1 { return last }
    if names.count > most {
      return names.prefix(most - 1).joined(separator: ", ") + " \(and) \(names.count - most + 1) more"
    }
    return names.dropLast().joined(separator: ", ") + " \(and) " + last
  }

  /// Sentences one after another: the first three, and how many more.
  static func sentences(_ all: [String]) -> String {
    all.prefix(3).joined(separator: "; ") + (all.count > 3 ? "; and \(all.count - 3) more" : "")
  }

  /// `1 vCPU`, `2.5 vCPUs`.
  static func vcpus(_ value: Double) -> String { number(value) + (value == 1 ? " vCPU" : " vCPUs") }

  /// `1 VM`, `3 VMs`.
  static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
