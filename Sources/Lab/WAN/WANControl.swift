import FoundationEssentials
import Glibc
import Linux
import SystemPackage

/// The relay's side of its socket: requests as they come in, a few connections at a time, never waiting.
struct WANControl {
  private static let mostConnections = 8
  private static let longestRequest = 65_536

  private let listener: FileDescriptor
  private var connections: [Int32: [UInt8]] = [:]
  private let decoder = JSONDecoder()
  private let encoder = JSONEncoder()

  init(at socket: FilePath) throws(WANError) {
    guard let file = UnixSocket.listen(at: socket) else {
      throw WANError("can't listen at \(socket): \(Errno(rawValue: errno))")
    }
    listener = file
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  }

  /// Those to wait for.
  var files: [Int32] { [listener.rawValue] + connections.keys }

  /// Deals with a file that is ready.
  mutating func proceed(_ file: Int32, answer: (WANRequest) -> WANReply) {
    if file == listener.rawValue {
      accept()
    } else if connections[file] != nil {
      read(file, answer)
    }
  }

  private mutating func accept() {
    let file = Glibc.accept(listener.rawValue, nil, nil)
    guard file >= 0 else { return }
    _ = fcntl(file, F_SETFL, O_NONBLOCK)
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    // Whoever sends nothing makes room.
    if connections.count == Self.mostConnections, let other = connections.keys.first { end(other) }
    connections[file] = []
  }

  private mutating func read(_ file: Int32, _ answer: (WANRequest) -> WANReply) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe Glibc.read(file, &buffer, buffer.count)
    if count < 0 && (errno == EAGAIN || errno == EINTR) { return }
    guard count > 0, var line = connections[file] else { return end(file) }
    line += buffer[..<count]
    guard let length = line.firstIndex(of: 0x0a) else {
      if line.count > Self.longestRequest { end(file) } else { connections[file] = line }
      return
    }
    let reply: WANReply
    do {
      reply = answer(try decoder.decode(WANRequest.self, from: Data(line[..<length])))
    } catch {
      reply = WANReply(error: "not understood: \(error)")
    }
    if let document = try? encoder.encode(reply) {
      let bytes = Array(document) + [0x0a]
      // What doesn't fit into the socket's buffer is not waited for: the client sees a document cut short.
      _ = unsafe send(file, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
    end(file)
  }

  private mutating func end(_ file: Int32) {
    connections[file] = nil
    close(file)
  }
}
