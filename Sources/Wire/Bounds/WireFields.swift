/// The fields of a message in protobuf, one after another, without a look into them
/// (https://protobuf.dev/programming-guides/encoding).
struct WireFields {
  struct Field {
    var number: UInt64
    /// Nil: a number.
    var content: ArraySlice<UInt8>?
    /// With its tag.
    var whole: ArraySlice<UInt8>
  }

  private let bytes: ArraySlice<UInt8>
  private var place: Int

  init(_ bytes: ArraySlice<UInt8>) { (self.bytes, place) = (bytes, bytes.startIndex) }

  /// Nil: there are no more.
  ///
  /// - Throws: also for groups, which nobody writes any more.
  mutating func next() throws(WireError) -> Field? {
    guard place < bytes.endIndex else { return nil }
    let start = place
    let tag = try number()
    var content: ArraySlice<UInt8>?
    switch tag & 7 {
    case 0: _ = try number()
    case 1: try skip(8)
    case 2:
      let count = try number()
      let begin = place
      try skip(count)
      content = bytes[begin..<place]
    case 5: try skip(4)
    default: throw .unreadable
    }
    return Field(number: tag >> 3, content: content, whole: bytes[start..<place])
  }

  private mutating func number() throws(WireError) -> UInt64 {
    var number: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard place < bytes.endIndex else { throw .unreadable }
      let byte = bytes[place]
      place += 1
      number |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return number }
    }
    throw .unreadable
  }

  private mutating func skip(_ count: UInt64) throws(WireError) {
    guard count <= UInt64(bytes.endIndex - place) else { throw .unreadable }
    place += Int(count)
  }
}

extension WireError {
  static let unreadable = WireError("a message that can't be read")
}
