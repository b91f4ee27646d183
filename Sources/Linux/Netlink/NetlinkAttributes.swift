package import Model

/// Walks attributes (`struct nlattr`: length with header, type, payload, padding to four bytes).
package struct NetlinkAttributes {
  private var rest: ArraySlice<UInt8>

  /// The attributes in `bytes`, after `skipped` bytes of a structure that stands before them.
  package init(_ bytes: ArraySlice<UInt8>, after skipped: Int = 0) throws(NetlinkDecodingError) {
    guard bytes.count >= skipped else {
      throw NetlinkDecodingError(
        offset: bytes.startIndex, problem: "a structure of \(bytes.count) bytes where \(skipped) are needed")
    }
    rest = bytes.dropFirst(skipped)
  }

  /// An attribute: its type without the flags for nesting and byte order, and its payload.
  package struct Attribute {
    package var type: Int
    package var payload: ArraySlice<UInt8>
  }

  /// The next attribute; nil at the end. Throws at a length shorter than its own header (so none loops for ever) or
  /// beyond the end.
  package mutating func next() throws(NetlinkDecodingError) -> Attribute? {
    guard !rest.isEmpty else { return nil }
    let start = rest.startIndex
    guard rest.count >= 4 else {
      throw NetlinkDecodingError(offset: start, problem: "an attribute of \(rest.count) bytes")
    }
    let length = Int(rest.uint16(at: 0))
    guard length >= 4, length <= rest.count else {
      throw NetlinkDecodingError(offset: start, problem: "an attribute of \(length) bytes where \(rest.count) are left")
    }
    let attribute = Attribute(type: Int(rest.uint16(at: 2) & 0x3fff), payload: rest[(start + 4)..<(start + length)])
    rest = rest.dropFirst((length + 3) & ~3)
    return attribute
  }
}

extension NetlinkAttributes.Attribute {
  package var uint8: UInt8? { payload.first }
  package var flag: Bool? { payload.first.map { $0 != 0 } }
  package var uint16: UInt16? { payload.count >= 2 ? payload.uint16(at: 0) : nil }
  package var uint32: UInt32? { payload.count >= 4 ? payload.uint32(at: 0) : nil }
  package var address: IPAddress? { IPAddress(octets: payload) }
  package var mac: MACAddress? {
    payload.count == 6 ? MACAddress(payload.reduce(0) { $0 << 8 | UInt64($1) }) : nil
  }
  /// Up to the first zero.
  package var text: String { String(decoding: payload.prefix { $0 != 0 }, as: UTF8.self) }
}
