/// Numbers in network byte order at any offset. Each load checks its bounds and traps outside them, so callers compare
/// the length first; `unsafe` marks only that bytes are taken as a number, which is good for any bytes. One load and a
/// byte swap, where subscripts would be a check and a shift for every byte of every packet.
extension Span<UInt8> {
  @inline(__always)
  func bigEndian16(at offset: Int) -> UInt16 {
    unsafe UInt16(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  @inline(__always)
  func bigEndian32(at offset: Int) -> UInt32 {
    unsafe UInt32(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  @inline(__always)
  func bigEndian48(at offset: Int) -> UInt64 {
    UInt64(bigEndian16(at: offset)) << 32 | UInt64(bigEndian32(at: offset + 2))
  }

  @inline(__always)
  func bigEndian64(at offset: Int) -> UInt64 {
    unsafe UInt64(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
