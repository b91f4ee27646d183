internal import Model

/// Comma-separated values as RFC 4180 has them.
package enum CSV {
  /// One line, ended.
  package static func row(_ cells: [String]) -> String {
    cells.map(quoted).joined(separator: ",") + "\n"
  }

  package static func quoted(_ cell: String) -> String {
    // By scalars: a quote with a combining mark after it is one character, and no quote.
    let scalars = cell.unicodeScalars
    guard scalars.contains(where: { $0 == "," || $0 == "\"" || $0.isLineEnd }) else { return cell }
    return "\"" + cell.replacingScalars { $0 == "\"" ? "\"\"" : nil } + "\""
  }
}

extension Unicode.Scalar {
  /// Whether a line ends there, in one program or another.
  fileprivate var isLineEnd: Bool {
    switch self {
    case "\n", "\u{b}", "\u{c}", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
    default: false
    }
  }
}
