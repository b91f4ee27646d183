import CLinux
import Glibc
import Synchronization

/// Requests to the kernel and their answers. May be used from any thread; one conversation at a time.
package final class NetlinkClient: Sendable {
  private let transport: any NetlinkTransport
  private let sequence: Mutex<UInt32>

  package init(_ transport: any NetlinkTransport, firstSequence: UInt32 = 1) {
    self.transport = transport
    sequence = Mutex(firstSequence)
  }

  /// With a socket of its own.
  package convenience init() throws(NetlinkError) {
    self.init(try NetlinkSocket())
  }

  /// Requests in one datagram: their errors all fit into the socket's receive buffer.
  static let batch = 256

  /// Carries the requests out in order, in as few system calls as possible. A request that fails doesn't keep the
  /// others from being tried.
  /// - Returns: the requests that the kernel refused.
  /// - Throws: where the conversation itself breaks; requests may have been carried out then.
  package func perform(_ requests: [NetlinkRequest]) throws(NetlinkError) -> [NetlinkFailure] {
    try sequence.withLock { (next: inout UInt32) throws(NetlinkError) in
      var failures: [NetlinkFailure] = []
      for start in stride(from: 0, to: requests.count, by: Self.batch) {
        let range = start..<min(start + Self.batch, requests.count)
        try perform(requests, range, first: next, &failures)
        next &+= UInt32(range.count)
      }
      return failures
    }
  }

  /// One datagram. Only the last request asks for an acknowledgement: the kernel works in order, and answers errors
  /// unasked.
  private func perform(
    _ requests: [NetlinkRequest], _ range: Range<Int>, first: UInt32, _ failures: inout [NetlinkFailure]
  ) throws(NetlinkError) {
    var datagram = NetlinkBytes(capacity: range.count * 64)
    for index in range {
      requests[index].encode(
        sequence: first &+ UInt32(index - range.lowerBound), isAcknowledged: index == range.upperBound - 1,
        into: &datagram)
    }
    try transport.send(datagram.bytes)
    while true {
      for message in try receive() where message.type == UInt16(NLMSG_ERROR) {
        let offset = Int(message.sequence &- first)
        // An answer to a conversation that broke off earlier.
        guard offset < range.count else { continue }
        let error = message.error
        if error.code != 0 { failures.append(NetlinkFailure(request: range.lowerBound + offset, error: error)) }
        if offset == range.count - 1 { return }
      }
    }
  }

  /// Carries one request out.
  package func perform(_ request: NetlinkRequest, _ operation: @autoclosure () -> String) throws(NetlinkError) {
    if let failure = try perform([request]).first { throw failure.error.during(operation()) }
  }

  /// All answers to a request for everything of a kind. Asked again where things changed meanwhile, so that none is
  /// missing or there twice.
  package func dump(_ request: NetlinkRequest) throws(NetlinkError) -> [NetlinkMessage] {
    var request = request
    request.flags |= UInt16(NLM_F_ROOT | NLM_F_MATCH)
    for _ in 0..<20 {
      if let messages = try attempt(request) { return messages }
    }
    throw NetlinkError(
      code: EAGAIN, message: "20 readings in a row were interrupted by changes", operation: "read from the kernel")
  }

  /// The answer to a request for one thing.
  package func get(_ request: NetlinkRequest) throws(NetlinkError) -> NetlinkMessage? {
    try attempt(request)?.first
  }

  /// Nil where the answer is not consistent.
  private func attempt(_ request: NetlinkRequest) throws(NetlinkError) -> [NetlinkMessage]? {
    try sequence.withLock { (next: inout UInt32) throws(NetlinkError) in
      let expected = next
      next &+= 1
      var datagram = NetlinkBytes()
      request.encode(sequence: expected, isAcknowledged: false, into: &datagram)
      try transport.send(datagram.bytes)
      var answers: [NetlinkMessage] = []
      var isConsistent = true
      while true {
        for message in try receive() where message.sequence == expected {
          if message.flags & UInt16(NLM_F_DUMP_INTR) != 0 { isConsistent = false }
          if message.type == UInt16(NLMSG_ERROR) || message.type == UInt16(NLMSG_DONE) {
            let error = message.error
            if error.code != 0 { throw error }
            return isConsistent ? answers : nil
          }
          answers.append(message)
          if message.flags & UInt16(NLM_F_MULTI) == 0 { return answers }
        }
      }
    }
  }

  private func receive() throws(NetlinkError) -> [NetlinkMessage] {
    let datagram = try transport.receive()
    do throws(NetlinkDecodingError) {
      return try NetlinkMessage.messages(of: datagram)
    } catch {
      throw NetlinkError(code: 0, message: error.description, operation: "read from the kernel")
    }
  }
}
