import CGuest
import Workload

/// The connection with one neighbour: opened once, never again.
struct Link {
  let socket: Socket
  private let mine: UInt64
  private let theirs: UInt64
  private var sequence: UInt64 = 0
  private var outgoing: [UInt8]
  private var incoming: [UInt8]
  private var sent = 0
  private var received = 0
  /// Whether its message goes out only once the peer's has come.
  private var answers = false

  enum State {
    case done
    case waiting(events: Int32)
    case reset(String)
    case corrupt
  }

  init(socket: Socket, rank: Int, peer: Int, messageBytes: Int) {
    self.socket = socket
    // The two directions of a pair, and the two neighbours, each have a pattern of their own.
    mine = UInt64(rank) << 32 | UInt64(peer)
    theirs = UInt64(peer) << 32 | UInt64(rank)
    outgoing = [UInt8](repeating: 0, count: messageBytes)
    incoming = outgoing
    sent = messageBytes
    received = messageBytes
  }

  /// Begins the next exchange: one message each way.
  ///
  /// - Parameter answering: the peer asks first; otherwise both messages may cross
  mutating func begin(answering: Bool = false) {
    answers = answering
    Pattern(sender: mine, sequence: sequence).fill(&outgoing)
    sent = 0
    received = 0
  }

  /// Does what is possible without waiting.
  mutating func proceed() -> State {
    if answers, received < incoming.count {
      let state = receive(sending: 0)
      guard case .done = state else { return state }
    }
    while sent < outgoing.count {
      switch socket.send(outgoing, from: sent, count: outgoing.count - sent) {
      case .bytes(let count): sent += count
      case .later: return receive(sending: POLLOUT)
      case .ended: return .reset("closed")
      case .failed(let code): return .reset(Failure("sending", code).description)
      }
    }
    return receive(sending: 0)
  }

  private mutating func receive(sending: Int32) -> State {
    while received < incoming.count {
      switch socket.receive(&incoming, from: received, count: incoming.count - received) {
      case .bytes(let count): received += count
      case .later: return .waiting(events: POLLIN | sending)
      case .ended: return .reset("closed by the peer")
      case .failed(let code): return .reset(Failure("receiving", code).description)
      }
      if received == incoming.count {
        guard Pattern(sender: theirs, sequence: sequence).matches(incoming, count: incoming.count) else {
          return .corrupt
        }
        sequence += 1
      }
    }
    return sending == 0 ? .done : .waiting(events: sending)
  }
}
