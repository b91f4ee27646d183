/// Which numbers a field takes. None takes more than 10¹²: that is a slip of the unit, and keeps sums and products of
/// figures finite.
enum Bounds {
  /// 0 … 10¹²
  case nonNegative
  /// More than 0, up to 10¹².
  case positive
  /// 0 … 1
  case share

  var text: String {
    switch self {
    case .nonNegative: "0 or more"
    case .positive: "more than 0"
    case .share: "from 0 to 1"
    }
  }

  func contains(_ number: Double) -> Bool {
    switch self {
    case .nonNegative: number >= 0
    case .positive: number > 0
    case .share: number >= 0 && number <= 1
    }
  }
}

extension Value {
  private static let largest = 1e12
  private static let unitHint = "check the unit, which is in the field's name"

  /// - Parameter alternative: what the field takes besides numbers, which the caller has read already.
  func number(_ bounds: Bounds, else alternative: String? = nil) -> Double? {
    guard case .scalar(let text, plain: true) = node.content, let number = DecimalNumber(text) else {
      let allowed = "a number \(bounds.text)" + (alternative.map { ", or \($0);" } ?? ",")
      error("must be \(allowed) this is \(node.kind)", hint: numberHint)
      return nil
    }
    if number.hasLeadingZero {
      error("\(text) begins with 0, which some programs read as octal", hint: "write it without the 0")
    } else if !bounds.contains(number.value) {
      error("must be \(bounds.text), this is \(shortNumber(text))")
    } else if number.value > Self.largest {
      error("\(shortNumber(text)) is more than anything can have (10¹²)", hint: Self.unitHint)
    } else if number.value > 0, number.value < 1e-12 {
      error("\(shortNumber(text)) is less than anything can have (10⁻¹²)", hint: Self.unitHint)
    } else {
      return number.value == 0 ? 0 : number.value
    }
    return nil
  }

  private func shortNumber(_ text: String) -> String {
    text.utf8.count <= 40 ? text : String(text.prefix(40)) + "…"
  }

  private var numberHint: String? {
    guard case .scalar(let text, let plain) = node.content, text.utf8.count <= 100 else { return nil }
    let lower = text.lowercased()
    if DecimalNumber(text) != nil, !plain { return "write it without quotes" }
    if node.isNull { return "give a value, or remove the field" }
    if lower.hasSuffix(".inf") || lower.hasSuffix(".nan") || lower == "inf" || lower == "nan" || lower == "infinity" {
      return "infinite and not-a-number are not allowed; remove the field if there is no limit"
    }
    if case .number = PlainScalar(text) { return "write it in decimal digits, without _ : 0x 0o 0b" }
    if DecimalNumber(text.replacing(",", with: ".")) != nil || DecimalNumber(text.replacing(",", with: "")) != nil {
      return "the decimal point is a point, and there is no separator between thousands"
    }
    let head = text.prefix { ("0"..."9").contains($0) || ".+-".contains($0) }
    let unit = text.dropFirst(head.count).drop { $0 == " " }
    guard let figure = DecimalNumber(head)?.value, !unit.isEmpty else { return nil }
    return unit == "%" ? "a share: write \(figure / 100)" : "the unit is in the field's name: write \(head)"
  }
}
