/// What programs may take an unquoted YAML scalar for, by the core schema of YAML 1.2 or the types of YAML 1.1.
///
/// Where the two differ (`no`, `010`, `12:30`, `1_000`), some program reads it as something else than text, so nobody
/// should use it as text without quotes.
enum PlainScalar {
  case null
  case boolean
  case number
  case text

  init(_ text: String) {
    switch text {
    case "", "~", "null", "Null", "NULL": self = .null
    case "true", "True", "TRUE", "false", "False", "FALSE", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON",
      "off", "Off", "OFF":
      self = .boolean
    default: self = Self.looksNumeric(text) ? .number : .text
    }
  }

  /// A number in any of the notations of YAML 1.1 or 1.2: decimal, hexadecimal, octal, binary, sexagesimal, with
  /// underscores, infinite or not a number.
  private static func looksNumeric(_ text: String) -> Bool {
    var rest = Substring(text)
    if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
    let lower = rest.lowercased()
    if lower == ".inf" || lower == ".nan" { return true }
    if lower.hasPrefix("0x") { return isNumber(lower.dropFirst(2)) { $0.isHexDigit } }
    if lower.hasPrefix("0o") { return isNumber(lower.dropFirst(2)) { ("0"..."7").contains($0) } }
    if lower.hasPrefix("0b") { return isNumber(lower.dropFirst(2)) { $0 == "0" || $0 == "1" } }
    if lower.contains(":") { return isSexagesimal(lower) }
    return DecimalNumber(lower.filter { $0 != "_" }) != nil && lower.first != "_"
  }

  private static func isNumber(_ digits: Substring, _ isDigit: (Character) -> Bool) -> Bool {
    digits.contains(where: isDigit) && digits.allSatisfy { isDigit($0) || $0 == "_" }
  }

  /// `12:30` is 750 and `12:30.5` 750.5 in YAML 1.1.
  private static func isSexagesimal(_ text: String) -> Bool {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return parts.enumerated().allSatisfy { index, part in
      let isLast = index == parts.count - 1
      return index == 0
        ? isNumber(part) { ("0"..."9").contains($0) }
        : part.first.map { ("0"..."9").contains($0) } == true && part.prefix { $0 != "." }.count <= 2
          && part.allSatisfy { ("0"..."9").contains($0) || isLast && $0 == "." }
    }
  }
}

/// A number as JSON and the core schema of YAML 1.2 write it: sign, digits with at most one point among them, exponent.
struct DecimalNumber {
  /// Infinite where the text is beyond what a double can hold.
  let value: Double
  /// `010`: octal for some programs, decimal for others.
  let hasLeadingZero: Bool

  init?(_ text: some StringProtocol) {
    var rest = Substring(text)[...]
    if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
    let whole = rest.prefix { ("0"..."9").contains($0) }
    rest.removeFirst(whole.count)
    var fraction: Substring = ""
    if rest.first == "." {
      fraction = rest.dropFirst().prefix { ("0"..."9").contains($0) }
      rest.removeFirst(fraction.count + 1)
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    if rest.first == "e" || rest.first == "E" {
      rest.removeFirst()
      if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
      let exponent = rest.prefix { ("0"..."9").contains($0) }
      guard !exponent.isEmpty else { return nil }
      rest.removeFirst(exponent.count)
    }
    guard rest.isEmpty, let value = Double(text) else { return nil }
    self.value = value
    hasLeadingZero = whole.count > 1 && whole.first == "0"
  }
}
