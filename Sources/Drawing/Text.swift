/// Text from outside (names of VMs and files), made fit for what it is written into.
enum Text {
  /// For XML 1.0, as content or in an attribute with double quotes.
  static func xml(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&apos;"
      default: escaped.unicodeScalars.append(shown(scalar))
      }
    }
    return escaped
  }

  /// As a quoted identifier of the DOT language, in which a quote is the only thing that needs escaping; backslashes
  /// are doubled so that none can take a quote's.
  static func dotIdentifier(_ text: String) -> String {
    dot(text) { $0 == "\"" || $0 == "\\" ? "\\\($0)" : nil }
  }

  /// As a label of the DOT language: beside quotes and backslashes, entities are read in it.
  static func dotLabel(_ text: String) -> String {
    dot(text) { $0 == "\"" || $0 == "\\" ? "\\\($0)" : $0 == "&" ? "&amp;" : nil }
  }

  private static func dot(_ text: String, escape: (Unicode.Scalar) -> String?) -> String {
    var escaped = "\""
    for scalar in text.unicodeScalars {
      if let escape = escape(scalar) { escaped += escape } else { escaped.unicodeScalars.append(shown(scalar)) }
    }
    return escaped + "\""
  }

  /// At most `limit` characters: what is longer loses its middle, since names differ at their ends.
  static func shortened(_ text: String, to limit: Int) -> String {
    if text.count <= limit { return text }
    return text.prefix((limit - 1) / 2) + "…" + text.suffix(limit / 2)
  }

  /// The scalar, or U+FFFD for what XML forbids, control characters, and those that reorder the text around them.
  private static func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0..<0x20, 0x7f..<0xa0, 0x2028...0x202e, 0x2066...0x2069, 0xfffe...0xffff: "\u{fffd}"
    default: scalar
    }
  }
}
