import CGuest

/// Lines for the console. Written whole, so that those of two processes don't mix.
enum Console {
  static func print(_ line: String, to descriptor: Int32 = STDOUT_FILENO) {
    let bytes = Array((line + "\n").utf8)
    unsafe bytes.withUnsafeBytes { buffer in
      // A console that can't take a line costs the line, not the program.
      _ = unsafe write(descriptor, buffer.baseAddress, buffer.count)
    }
  }

  static func complain(_ line: String) { print("transhumance-guest: " + line, to: STDERR_FILENO) }

  /// The first line of a file, as those of /proc.
  static func firstLine(of path: String) -> String? {
    let bytes = contents(of: path)
    return bytes.isEmpty ? nil : String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self)
  }

  /// Words that end with a zero byte, as in `/proc/PID/cmdline` (proc(5)).
  static func words(of path: String) -> [String] {
    contents(of: path).split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// Empty where it can't be read.
  private static func contents(of path: String) -> [UInt8] {
    let descriptor = unsafe guest_open(path)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var contents: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return contents }
      contents += buffer[..<count]
    }
  }
}
