import SystemPackage

/// Standard error, for messages and progress. Where it can't be written (closed, a full disk) nobody is told; the exit
/// code says how the command ended.
enum StandardError {
  static func write(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll(text.utf8)
  }
}
