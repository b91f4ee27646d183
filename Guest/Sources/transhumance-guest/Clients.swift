import CGuest
import Workload

extension Main {
  /// Sends numbered datagrams at a fixed rate; prints what became of the replies, where they are wanted.
  static func probe(_ arguments: Arguments) throws(Failure) {
    let address = try arguments.address(port: Port.echo)
    let rate = try arguments.number("rate", default: 1000, in: 1...100_000)
    let duration = try arguments.time("seconds", unit: .seconds, default: 10)
    let wantsReplies = arguments.text("replies", default: "yes") == "yes"
    let socket = try Socket(family: address.family, type: SOCK_DGRAM)
    var buffer = [UInt8](repeating: 0, count: try arguments.number("bytes", default: 64, in: Probe.bytes...9000))
    var incoming = [UInt8](repeating: 0, count: 9000)
    var log = ProbeLog()
    let stream = UInt64.random(in: .min ... .max)
    let start = Monotonic.nanoseconds
    let interval = 1_000_000_000 / UInt64(rate)
    let total = duration / interval
    var sent: UInt64 = 0
    var refused: UInt64 = 0
    // Late replies have two seconds more.
    let end = start + duration + (wantsReplies ? 2_000_000_000 : 0)
    while sent < total || Monotonic.nanoseconds < end {
      let due = sent < total ? start + sent * interval : end
      if sent < total, Monotonic.nanoseconds >= due {
        Probe(kind: wantsReplies ? .wantsReply : .oneWay, stream: stream, sequence: sent).write(to: &buffer)
        if !socket.sendDatagram(buffer, count: buffer.count, to: address) { refused += 1 }
        sent += 1
        continue
      }
      guard socket.wait(for: POLLIN, until: due) else { continue }
      while let (count, _) = socket.receiveDatagram(&incoming) {
        guard let reply = Probe(incoming, count: count), reply.stream == stream, reply.kind == .reply else { continue }
        log.note(reply.sequence, at: Monotonic.nanoseconds)
      }
    }
    let replies = wantsReplies ? #", "replies": {\#(log.members(of: total))}"# : ""
    Console.print(#"{"sent": \#(sent), "refused": \#(refused)\#(replies)}"#)
  }

  /// One connection over which messages go there and back, each checked; prints how many, and the longest wait for one.
  static func talk(_ arguments: Arguments) throws(Failure) {
    let duration = try arguments.time("seconds", unit: .seconds, default: 10)
    let pause = try arguments.time("pause-ms", unit: .milliseconds, default: 1)
    var outgoing = [UInt8](repeating: 0, count: try arguments.number("bytes", default: 1000, in: 1...65_536))
    var incoming = outgoing
    let socket = try connected(arguments, port: Port.echo)
    let end = Monotonic.nanoseconds + duration
    var messages: UInt64 = 0
    var longest: UInt64 = 0
    while Monotonic.nanoseconds < end {
      let pattern = Pattern(sender: 1, sequence: messages)
      pattern.fill(&outgoing)
      let start = Monotonic.nanoseconds
      try socket.sendAll(outgoing)
      try socket.receiveAll(&incoming)
      guard pattern.matches(incoming, count: incoming.count) else {
        throw Failure("message \(messages) came back changed")
      }
      longest = max(longest, Monotonic.nanoseconds - start)
      messages += 1
      Monotonic.sleep(pause)
    }
    Console.print(#"{"messages": \#(messages), "correct": true, "longestWaitMs": \#(longest / 1_000_000)}"#)
  }

  /// One connection with as much as asked for, or as goes in a time, in one direction; prints the receiver's verdict
  /// and the time.
  static func bulk(_ arguments: Arguments) throws(Failure) {
    let megabytes = try arguments.number("megabytes", default: 100, in: 1...1_000_000)
    // 0: however long it takes.
    let duration = try arguments.time("seconds", unit: .seconds, default: 0)
    let socket = try connected(arguments, port: Port.bulk)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let start = Monotonic.nanoseconds
    var left = duration > 0 ? UInt64.max : UInt64(megabytes) * 1_000_000
    var offset: UInt64 = 0
    while left > 0, duration == 0 || Monotonic.nanoseconds - start < duration {
      BulkSession.pattern.fill(&buffer, from: offset)
      let count = min(left, UInt64(buffer.count))
      if count < buffer.count { buffer.removeLast(buffer.count - Int(count)) }
      try socket.sendAll(buffer)
      left -= count
      offset += count
    }
    shutdown(socket.descriptor, Int32(SHUT_WR))
    let verdict = try socket.receiveLine()
    let milliseconds = (Monotonic.nanoseconds - start) / 1_000_000
    Console.print(#"{"sent": \#(offset), "milliseconds": \#(milliseconds), "receiver": \#(verdict)}"#)
  }

  /// Hands a request to the guest and prints its answer.
  static func request(_ words: [String]) throws(Failure) {
    let socket = try connected(Arguments(words.prefix(1)), port: Port.requests)
    try socket.sendAll(Array((words.dropFirst().joined(separator: " ") + "\n").utf8))
    Console.print(try socket.receiveLine())
  }

  private static func connected(_ arguments: Arguments, port: UInt16) throws(Failure) -> Socket {
    let address = try arguments.address(port: port)
    let socket = try Socket(family: address.family, type: SOCK_STREAM)
    let result = unsafe address.withPointer { unsafe connect(socket.descriptor, $0, $1) }
    guard result == 0 || guest_errno() == EINPROGRESS else {
      throw Failure("connecting to \(address.text)", guest_errno())
    }
    guard socket.wait(for: POLLOUT, milliseconds: 10_000) else {
      throw Failure("connecting to \(address.text)", ETIMEDOUT)
    }
    let code = socket.pendingError
    guard code == 0 else { throw Failure("connecting to \(address.text)", code) }
    return socket
  }
}
