import Foundation

/// Numbers as people read them.
enum Text {
  /// A file as messages name it.
  static func fileName(_ path: String) -> String { path == "-" ? "standard input" : path }

  /// `1,234,567`
  static func grouped(_ number: some BinaryInteger) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (number < 0 ? "-" : "") + text
  }

  /// A count that may be a mean: grouped and whole if it is whole, else with two decimals.
  static func grouped(_ number: Double) -> String {
    guard number.isFinite, abs(number) < 0x1p53 else { return String(number) }
    return number == number.rounded() ? grouped(Int64(number)) : decimals(number, 2)
  }

  static func decimals(_ number: Double, _ count: Int) -> String {
    String(format: "%.\(count)f", number)
  }

  /// Three significant digits, no exponent for everyday sizes: `0.317`, `36,000`.
  static func significant(_ number: Double) -> String {
    guard number.isFinite else { return "unlimited" }
    if number != 0, abs(number) < 0.001 { return String(format: "%.2e", number) }
    let digits = number == 0 ? 0 : max(0, 2 - Int(log10(abs(number)).rounded(.down)))
    return digits == 0 ? grouped(Int64(max(min(number.rounded(), 9e18), -9e18))) : decimals(number, digits)
  }

  /// `11.6 MiB`
  static func bytes(_ count: Double) -> String {
    var value = count
    for unit in ["B", "KiB", "MiB", "GiB", "TiB"] {
      if abs(value) < 1024 || unit == "TiB" {
        return unit == "B" ? "\(grouped(value.rounded())) B" : "\(decimals(value, 1)) \(unit)"
      }
      value /= 1024
    }
    return grouped(count)
  }

  /// `250 ms`, `4.13 s`, `2 h 05 min`
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite else { return "for ever" }
    switch abs(seconds) {
    case ..<0.9995: return "\(significant(seconds * 1000)) ms"
    case ..<120: return "\(significant(seconds)) s"
    case ..<7200: return "\(decimals(seconds / 60, 1)) min"
    case ..<172_800: return "\(decimals(seconds / 3600, 2)) h"
    default: return "\(decimals(seconds / 86_400, 1)) days"
    }
  }

  static func percent(_ share: Double) -> String {
    share.isFinite ? "\(decimals(share * 100, abs(share) < 0.0995 ? 1 : 0)) %" : "–"
  }
}
