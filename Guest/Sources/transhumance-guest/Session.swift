import CGuest
import Workload

/// A connection that somebody made to `serve`.
protocol Session: AnyObject {
  /// What it waits for.
  var events: Int32 { get }
  /// Does what is possible without waiting, with a buffer that all sessions share.
  func proceed(_ buffer: inout [UInt8]) -> SessionOutcome
}

enum SessionOutcome {
  case again
  case over
  /// Words of a request; its answer goes to the socket, which is the receiver's to keep open.
  case request([String], answer: Int32)
}

/// Sends back what comes.
final class EchoSession: Session {
  private let socket: Socket
  private var pending: [UInt8] = []
  private var sent = 0

  init(_ socket: Socket) {
    self.socket = socket
  }

  var events: Int32 { sent < pending.count ? POLLOUT : POLLIN }

  func proceed(_ buffer: inout [UInt8]) -> SessionOutcome {
    if sent == pending.count {
      switch socket.receive(&buffer, from: 0, count: buffer.count) {
      case .bytes(let count):
        pending = Array(buffer[..<count])
        sent = 0
      case .later: return .again
      case .ended, .failed: return .over
      }
    }
    switch socket.send(pending, from: sent, count: pending.count - sent) {
    case .bytes(let count):
      sent += count
      return .again
    case .later: return .again
    case .ended, .failed: return .over
    }
  }
}

/// Checks what comes against the pattern; at the end tells how much it was and whether it was right.
final class BulkSession: Session {
  /// What both ends know.
  static let pattern = Pattern(sender: 0, sequence: 0)

  private let socket: Socket
  private var bytes: UInt64 = 0
  private var isCorrect = true

  init(_ socket: Socket) {
    self.socket = socket
  }

  var events: Int32 { POLLIN }

  func proceed(_ buffer: inout [UInt8]) -> SessionOutcome {
    switch socket.receive(&buffer, from: 0, count: buffer.count) {
    case .bytes(let count):
      isCorrect = isCorrect && Self.pattern.matches(buffer, count: count, from: bytes)
      bytes += UInt64(count)
      return .again
    case .later: return .again
    case .failed: return .over
    case .ended:
      let answer = Array(#"{"bytes": \#(bytes), "correct": \#(isCorrect)}\#n"#.utf8)
      _ = socket.send(answer, from: 0, count: answer.count)
      return .over
    }
  }
}

/// Reads one line: what to do.
final class RequestSession: Session {
  private let socket: Socket
  private var line: [UInt8] = []

  init(_ socket: Socket) {
    self.socket = socket
  }

  var events: Int32 { POLLIN }

  func proceed(_ buffer: inout [UInt8]) -> SessionOutcome {
    switch socket.receive(&buffer, from: 0, count: 1024) {
    case .bytes(let count):
      line += buffer[..<count]
      guard let end = line.firstIndex(of: 10) else { return line.count > 4096 ? .over : .again }
      return .request(
        String(decoding: line[..<end], as: UTF8.self).split(separator: " ").map(String.init),
        answer: socket.descriptor)
    case .later: return .again
    case .ended, .failed: return .over
    }
  }
}
