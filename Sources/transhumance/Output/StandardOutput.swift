import Foundation
import SystemPackage

/// The reader of our standard output has gone: `transhumance … | head`. The command ends without a word.
struct BrokenPipe: Error {}

/// Standard output, written in full or given up quietly.
enum StandardOutput {
  static func write(_ text: String) throws {
    try write(bytes: text.utf8)
  }

  static func write(bytes: some Sequence<UInt8>) throws {
    do {
      try FileDescriptor.standardOutput.writeAll(bytes)
    } catch Errno.brokenPipe {
      throw BrokenPipe()
    } catch {
      throw CommandFailure(message: "standard output: \(error)")
    }
  }

  /// One JSON document, keys sorted, so that two outputs can be compared by `diff`.
  static func write(json document: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var data = try encoder.encode(document)
    data.append(0x0a)
    try write(bytes: data)
  }
}
