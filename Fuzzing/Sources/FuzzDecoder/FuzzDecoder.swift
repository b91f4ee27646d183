internal import Traffic

/// A link type (two bytes), a length on the wire (two bytes), and a frame: decoded with and without looking into
/// tunnels.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer passes the start and length of its buffer.
  let input = unsafe UnsafeBufferPointer(start: start, count: count)
  guard input.count >= 4 else { return -1 }
  let bytes = unsafe [UInt8](input)
  let linkType = LinkType(rawValue: UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
  let wireBytes = Int(bytes[2]) << 8 | Int(bytes[3])
  for decapsulate in [false, true] {
    _ = PacketDecoder(decapsulate: decapsulate)
      .decode(bytes.span.extracting(4...), wireBytes: wireBytes, linkType: linkType)
  }
  return 0
}
