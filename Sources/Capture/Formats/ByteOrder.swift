/// The byte order of a file, which its writer chose.
enum ByteOrder: Sendable {
  case little, big

  /// The number at `offset`, whose bounds are checked; `unsafe` marks only that bytes are taken as a number.
  @inline(__always)
  func number16(_ bytes: Span<UInt8>, at offset: Int) -> UInt16 {
    let number = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self)
    return self == .little ? UInt16(littleEndian: number) : UInt16(bigEndian: number)
  }

  @inline(__always)
  func number32(_ bytes: Span<UInt8>, at offset: Int) -> UInt32 {
    let number = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
    return self == .little ? UInt32(littleEndian: number) : UInt32(bigEndian: number)
  }

  @inline(__always)
  func number64(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
    let number = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    return self == .little ? UInt64(littleEndian: number) : UInt64(bigEndian: number)
  }
}
