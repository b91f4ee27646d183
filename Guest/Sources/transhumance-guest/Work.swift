import CGuest
import Workload

/// A rank of a message-passing program: in each iteration it exchanges messages with its neighbours in the ring, asks
/// the next one or answers the one before, computes and pauses. Each exchange waits for both neighbours' messages, so
/// the ring runs in step.
struct Work {
  private let name: String
  private let exchanges: Int
  private let requests: Int
  private let steps: Int
  private let pause: UInt64
  private let messageBytes: Int
  private var opening: Opening
  private var status: WorkStatus
  private var computation = Steps()

  init(_ arguments: Arguments) throws(Failure) {
    name = try arguments.text("name")
    let addresses = try arguments.text("ring").split(separator: ",").map(String.init)
    guard let ring = Ring(addresses: addresses, rank: try arguments.number("rank", in: 0...65_535)) else {
      throw Failure("--rank must be below the number of addresses in --ring (\(addresses.count))")
    }
    messageBytes = try arguments.number("message-bytes", default: 14_000, in: 1...(1 << 26))
    exchanges = try arguments.number("exchanges", default: 20, in: 0...1_000_000)
    requests = try arguments.number("requests", default: 0, in: 0...1_000_000)
    steps = try arguments.number("work", default: 100_000, in: 0...Int(Int32.max))
    pause = try arguments.time("pause-ms", unit: .milliseconds, default: 20)
    let port = try arguments.number("port", default: Int(Port.ring), in: 1...65_535)
    opening = try Opening(ring: ring, port: UInt16(port))
    status = WorkStatus(name: name, phase: try arguments.number("phase", default: 0, in: 0...Phase.last))
  }

  /// Never returns: a program that lost a connection says so until it is stopped.
  mutating func run() throws(Failure) {
    let ring = opening.ring
    var next: Link?
    var before: Link?
    if let peer = ring.connects {
      while next == nil {
        status.printIfDue()
        if let socket = try opening.connected(to: peer) {
          next = Link(socket: socket, rank: ring.rank, peer: peer, messageBytes: messageBytes)
        }
      }
    }
    if let peer = ring.accepts {
      while before == nil {
        status.printIfDue()
        if let socket = try opening.accepted(from: peer, milliseconds: 500) {
          before = Link(socket: socket, rank: ring.rank, peer: peer, messageBytes: messageBytes)
        }
      }
    }
    while true {
      status.phase.wait()
      for _ in 0..<exchanges {
        next?.begin()
        before?.begin()
        exchange(&next, &before)
      }
      let asks = ring.asks(inIteration: Int(status.iterations))
      for _ in 0..<requests {
        if asks.next { next?.begin() }
        if asks.before { before?.begin(answering: true) }
        exchange(&next, &before)
      }
      if computation.run(steps) == 0 { computation = Steps() }
      status.iterations += 1
      status.printIfDue()
      Monotonic.sleep(pause)
    }
  }

  /// Goes on until one message each way has gone with each neighbour.
  private mutating func exchange(_ next: inout Link?, _ before: inout Link?) {
    while true {
      let events = [proceed(&next), proceed(&before)]
      var waiting = events.compactMap { $0 }
      if waiting.isEmpty { return }
      _ = unsafe poll(&waiting, nfds_t(waiting.count), Int32(status.millisecondsUntilDue))
      status.printIfDue()
    }
  }

  /// What the link waits for; nil where it is done. A connection that was lost ends the work, not the program.
  private mutating func proceed(_ link: inout Link?) -> pollfd? {
    switch link?.proceed() {
    case nil, .done: return nil
    case .waiting(let events): return pollfd(fd: link?.socket.descriptor ?? -1, events: Int16(events), revents: 0)
    case .reset(let reason):
      status.resets += 1
      stand(reason)
    case .corrupt:
      status.corrupt += 1
      stand("a message was not what its sender had sent")
    }
  }

  private mutating func stand(_ reason: String) -> Never {
    Console.print("\(name) stands: \(reason)")
    while true {
      status.print()
      Monotonic.sleep(1_000_000_000)
    }
  }
}
