import CLinux

/// A message from the kernel.
package struct NetlinkMessage: Hashable, Sendable {
  /// `RTM_…`, or one of netlink's own (`NLMSG_…`).
  package var type: UInt16
  package var flags: UInt16
  package var sequence: UInt32
  /// What follows the header.
  package var body: ArraySlice<UInt8>

  /// The messages of a datagram, in order. Throws where a message claims less than its header or more than there is.
  package static func messages(of datagram: [UInt8]) throws(NetlinkDecodingError) -> [NetlinkMessage] {
    var messages: [NetlinkMessage] = []
    var rest = datagram[...]
    while !rest.isEmpty {
      let start = rest.startIndex
      guard rest.count >= 16 else {
        throw NetlinkDecodingError(offset: start, problem: "a header of \(rest.count) bytes")
      }
      let length = Int(rest.uint32(at: 0))
      guard length >= 16, length <= rest.count else {
        throw NetlinkDecodingError(offset: start, problem: "a message of \(length) bytes where \(rest.count) are left")
      }
      messages.append(
        NetlinkMessage(
          type: rest.uint16(at: 4), flags: rest.uint16(at: 6), sequence: rest.uint32(at: 8),
          body: rest[(start + 16)..<(start + length)]))
      rest = rest.dropFirst((length + 3) & ~3)
    }
    return messages
  }
}

/// Where bytes of the kernel's are not what its headers say.
package struct NetlinkDecodingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// In the datagram.
  package var offset: Int
  package var problem: String

  package var description: String { "netlink: byte \(offset): \(problem)" }
}

/// Numbers in the machine's order, `offset` counted from the slice's start. Callers have checked the length.
extension ArraySlice<UInt8> {
  func uint16(at offset: Int) -> UInt16 {
    UInt16(littleEndian: UInt16(self[startIndex + offset]) | UInt16(self[startIndex + offset + 1]) << 8)
  }

  func uint32(at offset: Int) -> UInt32 {
    UInt32(littleEndian: (0..<4).reduce(0) { $0 | UInt32(self[startIndex + offset + $1]) << UInt32(8 * $1) })
  }
}
