import Foundation

/// What is known of the terminal, if there is one: colours and progress are shown to people only.
enum Terminal {
  static let errorIsTerminal = isatty(STDERR_FILENO) == 1
  static let outputIsTerminal = isatty(STDOUT_FILENO) == 1

  enum Style: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
  }

  /// Text in that style where standard output (or, if so said, standard error) is a terminal and `NO_COLOR` isn't set.
  static func styled(_ text: String, _ style: Style, onError: Bool = false) -> String {
    guard onError ? errorIsTerminal : outputIsTerminal, coloursWanted else { return text }
    return "\u{1b}[\(style.rawValue)m\(text)\u{1b}[0m"
  }

  private static let coloursWanted: Bool = {
    let environment = ProcessInfo.processInfo.environment
    return environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
  }()

  static func printError(_ message: String) {
    printLine(styled("error:", .red, onError: true) + " " + message)
  }

  static func printWarning(_ message: String) {
    printLine(styled("warning:", .yellow, onError: true) + " " + message)
  }

  /// A line on standard error.
  static func printLine(_ line: String) {
    StandardError.write(line + "\n")
  }
}
