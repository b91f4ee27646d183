import Model

/// Figures and lists as an operator reads them in a reason.
enum Words {
  static func number(_ value: Double) -> String { Numeral.significant(value) }

  static func percent(_ share: Double) -> String { Numeral.percent(share) }

  static func duration(_ seconds: Double) -> String { Numeral.duration(seconds) }

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
