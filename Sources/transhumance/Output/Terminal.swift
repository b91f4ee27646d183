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

  /// Of standard output, as it is now.
  static var size: (rows: Int, columns: Int) {
    var size = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 else {
      return (24, 80)
    }
    return (Int(size.ws_row), Int(size.ws_col))
  }

  /// Text that takes the place of all that the terminal shows; each line wipes what it doesn't cover, so that nothing
  /// flickers.
  static func inPlace(_ text: String) -> String {
    "\u{1b}[H" + text.replacing("\n", with: "\u{1b}[K\n") + "\u{1b}[J"
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
