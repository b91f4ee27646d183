import Foundation

/// JSON documents one a line, for programs that read them as they come.
enum JSONLine {
  /// Keys sorted; with the line's end.
  static func text(_ document: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
  }
}
