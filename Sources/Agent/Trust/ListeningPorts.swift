/// Who listens, as the kernel tells in `/proc/net/tcp` and `tcp6` (proc(5)).
package enum ListeningPorts {
  /// Of a socket's state `TCP_LISTEN` (include/net/tcp_states.h).
  private static let listening = "0A"

  /// - Parameter table: of the file.
  package static func contains(_ port: UInt16, in table: String) -> Bool {
    table.split(separator: "\n").dropFirst().contains { line in
      let fields = line.split(separator: " ")
      // `0: 0100007F:4082 00000000:0000 0A …`
      guard fields.count > 3, fields[3] == listening, let digits = fields[1].split(separator: ":").last else {
        return false
      }
      return UInt16(digits, radix: 16) == port
    }
  }
}
