import SystemPackage

enum StandardError {
  static func write(_ line: String) { _ = try? FileDescriptor.standardError.writeAll((line + "\n").utf8) }
}
