import Foundation
import Model

/// Numbers as people read them in tables.
enum Text {
  /// A file as messages name it.
  static func fileName(_ path: String) -> String { path == "-" ? "standard input" : path }

  static func grouped(_ number: some BinaryInteger) -> String { Numeral.grouped(number) }

  /// A count that may be a mean: grouped and whole if it is whole, else with two decimals.
  static func grouped(_ number: Double) -> String {
    guard number.isFinite, abs(number) < 0x1p53 else { return String(number) }
    return number == number.rounded() ? grouped(Int64(number)) : decimals(number, 2)
  }

  static func decimals(_ number: Double, _ count: Int) -> String {
    String(format: "%.\(count)f", number)
  }

  static func significant(_ number: Double) -> String { Numeral.significant(number) }

  /// For programs: as exact as it is, without a separator.
  static func plain(_ number: Double) -> String { Numeral.plain(number) }

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

  static func duration(_ seconds: Double) -> String { seconds.isFinite ? Numeral.duration(seconds) : "for ever" }

  static func percent(_ share: Double) -> String { share.isFinite ? Numeral.percent(share) : "–" }
}
