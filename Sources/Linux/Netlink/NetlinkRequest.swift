import CLinux

/// A message to the kernel, without what only its place in a batch tells (length, sequence).
package struct NetlinkRequest: Hashable, Sendable {
  /// `RTM_…`.
  package var type: UInt16
  /// `NLM_F_…` beside `NLM_F_REQUEST`.
  package var flags: UInt16
  /// What follows the header: the family's own structure, then attributes.
  package var body: [UInt8]

  /// What to do about what is there already: the flags of a "new" request.
  package struct Disposition: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
      self.rawValue = rawValue
    }

    /// Refused with EEXIST where it exists.
    package static let add = Disposition(rawValue: UInt16(NLM_F_CREATE | NLM_F_EXCL))
    /// Made, or made to be like this.
    package static let replace = Disposition(rawValue: UInt16(NLM_F_CREATE | NLM_F_REPLACE))
    /// One more beside those that are there.
    package static let append = Disposition(rawValue: UInt16(NLM_F_CREATE | NLM_F_APPEND))
    /// Refused where it doesn't exist.
    package static let change: Disposition = []
  }

  init(_ type: Int, _ flags: UInt16 = 0, _ body: NetlinkBytes) {
    self.type = UInt16(truncatingIfNeeded: type)
    self.flags = flags
    self.body = body.bytes
  }

  /// Bytes of the message with its header.
  var length: Int { 16 + body.count }

  /// Appends the message: `struct nlmsghdr` (length, type, flags, sequence, port 0), body. Bodies are multiples of
  /// four bytes.
  func encode(sequence: UInt32, isAcknowledged: Bool, into datagram: inout NetlinkBytes) {
    datagram.append(UInt32(truncatingIfNeeded: length))
    datagram.append(type)
    datagram.append(flags | UInt16(NLM_F_REQUEST) | (isAcknowledged ? UInt16(NLM_F_ACK) : 0))
    datagram.append(sequence)
    datagram.append(UInt32(0))
    datagram.append(contentsOf: body)
  }
}
