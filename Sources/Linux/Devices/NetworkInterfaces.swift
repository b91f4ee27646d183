internal import Glibc
internal import SystemPackage

/// Interfaces of the network namespace of the calling thread.
package enum NetworkInterfaces {
  /// Nil: there is none of that name.
  package static func index(of name: String) -> UInt32? {
    // The name is copied during the call.
    let index = unsafe if_nametoindex(name)
    return index == 0 ? nil : index
  }

  /// Frames that each was to send and dropped, by name: what a tap drops because its VM doesn't take it
  /// (/proc/net/dev, proc_pid_net(5)).
  package static func droppedOnSending() -> [String: UInt64] {
    guard let text = try? read("/proc/thread-self/net/dev") else { return [:] }
    var dropped: [String: UInt64] = [:]
    for line in text.split(separator: "\n") {
      guard let colon = line.lastIndex(of: ":") else { continue }
      let fields = line[line.index(after: colon)...].split(separator: " ")
      // Eight figures of what is received, then bytes, packets, errs, drop of what is sent.
      guard fields.count >= 12, let count = UInt64(fields[11]) else { continue }
      dropped[String(line[..<colon].drop { $0 == " " })] = count
    }
    return dropped
  }

  private static func read(_ path: FilePath) throws -> String {
    let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
    return try file.closeAfter { String(decoding: try file.readAll(), as: UTF8.self) }
  }
}
