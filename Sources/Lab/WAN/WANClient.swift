import FoundationEssentials
import Glibc
import Linux
package import SystemPackage

/// The other end of the relay's socket.
package struct WANClient: Sendable {
  /// In the lab's folder.
  package static let standardSocket = "/run/transhumance/lab/wan.sock"

  package var socket: FilePath

  package init(socket: FilePath) {
    self.socket = socket
  }

  /// - Throws: `WANError`, where nobody answers or the relay refuses
  package func send(_ request: WANRequest) throws(WANError) -> WANStatus {
    guard let file = UnixSocket.connect(to: socket) else {
      throw WANError("no WAN answers at \(socket): \(Errno(rawValue: errno)); is a lab up? (transhumance lab up)")
    }
    defer { try? file.close() }
    do {
      try file.writeAll(JSONEncoder().encode(request) + [0x0a])
      var line: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
        if count == 0 { break }
        line += buffer[..<count]
      }
      let reply = try JSONDecoder().decode(WANReply.self, from: Data(line))
      guard let status = reply.status else { throw WANError(reply.error ?? "the WAN gave no answer") }
      return status
    } catch let error as WANError {
      throw error
    } catch {
      throw WANError("the WAN at \(socket) broke off: \(error)")
    }
  }
}

/// What went wrong with the WAN, for a person.
package struct WANError: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
