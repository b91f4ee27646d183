import Glibc

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
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 512)
    let count = unsafe read(descriptor, &buffer, buffer.count)
    return count > 0 ? String(decoding: buffer[..<count].prefix { $0 != 10 }, as: UTF8.self) : nil
  }
}
