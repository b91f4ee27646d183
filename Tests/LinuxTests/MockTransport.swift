import Linux
import Synchronization
import Testing

/// A kernel that answers what it was told to, and remembers what it was sent.
final class MockTransport: NetlinkTransport {
  private let state: Mutex<(sent: [[UInt8]], answers: [[UInt8]])>

  init(answers: [[UInt8]] = []) {
    state = Mutex(([], answers))
  }

  var sent: [[UInt8]] { state.withLock { $0.sent } }

  func send(_ bytes: [UInt8]) throws(NetlinkError) {
    state.withLock { $0.sent.append(bytes) }
  }

  func receive() throws(NetlinkError) -> [UInt8] {
    try state.withLock { (state) throws(NetlinkError) in
      guard !state.answers.isEmpty else { throw NetlinkError(code: 11, message: "no answer left") }
      return state.answers.removeFirst()
    }
  }
}

/// Bytes as annotated lines: hexadecimal digits, then what they mean after `//`.
func bytes(_ annotated: String) -> [UInt8] {
  let digits = annotated.split(separator: "\n").flatMap { line in
    line.prefix { $0 != "/" }.compactMap(\.hexDigitValue)
  }
  precondition(digits.count.isMultiple(of: 2))
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
}

/// The one datagram that performing `request` sends with sequence number 1, an acknowledgement being there.
func datagram(of request: NetlinkRequest) throws -> [UInt8] {
  let transport = MockTransport(answers: [acknowledgement(sequence: 1)])
  try NetlinkClient(transport).perform(request, "test")
  return try #require(transport.sent.first)
}

/// What the kernel answers: the error number (0: carried out), and the request's header.
func acknowledgement(sequence: UInt8, code: Int8 = 0) -> [UInt8] {
  let number = UInt8(bitPattern: -code)
  let rest: UInt8 = code == 0 ? 0 : 0xff
  return [36, 0, 0, 0, 2, 0, 0, 1, sequence, 0, 0, 0, 0, 0, 0, 0, number, rest, rest, rest]
    + [32, 0, 0, 0, 16, 0, 5, 0, sequence, 0, 0, 0, 0, 0, 0, 0]
}
