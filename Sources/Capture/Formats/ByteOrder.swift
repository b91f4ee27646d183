/// The byte order of a file, which its writer chose.
enum ByteOrder: Sendable {
  case little, big

  static var native: ByteOrder { UInt16(littleEndian: 1) == 1 ? .little : .big }

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

  /// Four numbers in a row.
  @inline(__always)
  func numbers32(_ bytes: Span<UInt8>, at offset: Int) -> SIMD4<UInt32> {
    let numbers = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD4<UInt32>.self)
    if self == .native { return numbers }
    return SIMD4(
      numbers[0].byteSwapped, numbers[1].byteSwapped, numbers[2].byteSwapped, numbers[3].byteSwapped)
  }

  @inline(__always)
  func number64(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
    let number = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    return self == .little ? UInt64(littleEndian: number) : UInt64(bigEndian: number)
  }
}
