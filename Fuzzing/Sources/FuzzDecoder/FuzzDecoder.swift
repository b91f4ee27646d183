internal import Traffic

/// A link type (two bytes), a length on the wire (two bytes), and a frame: whether tunnels are looked into or not, it
/// is as much IP, and as long on the wire.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer passes the start and length of its buffer.
  let input = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  guard input.count >= 4 else { return -1 }
  let linkType = LinkType(rawValue: UInt16(input[0]) << 8 | UInt16(input[1]))
  let wireBytes = Int(input[2]) << 8 | Int(input[3])
  let frame = input.span.extracting(4...)
  let outermost = PacketDecoder().decode(frame, wireBytes: wireBytes, linkType: linkType)
  let innermost = PacketDecoder(decapsulate: true).decode(frame, wireBytes: wireBytes, linkType: linkType)
  switch (outermost, innermost) {
  case (.ip(let outer), .ip(let inner)):
    precondition(outer.frameBytes == UInt64(wireBytes) && inner.frameBytes == UInt64(wireBytes))
    precondition(UInt64(outer.payload.bytes) <= outer.ipBytes && UInt64(inner.payload.bytes) <= inner.ipBytes)
  default: precondition(outermost == innermost)
  }
  return 0
}
