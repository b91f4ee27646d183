internal import Traffic

/// An interface of a pcapng section: how the frames captured there begin, and what their time stamps count.
struct CaptureInterface {
  var linkType: LinkType
  /// 0: unlimited.
  var snapLength: UInt32
  var checkBytes: UInt8 = 0
  var clock: InterfaceClock

  /// Reads the Interface Description Block (draft-ietf-opsawg-pcapng §4.2) at the start of the window.
  init(_ source: ByteSource, blockBytes: Int, order: ByteOrder) throws(CaptureError) {
    let window = source.bytes
    let bytes = window.span
    let start = source.start
    linkType = LinkType(rawValue: order.number16(bytes, at: start + 8))
    snapLength = order.number32(bytes, at: start + 12)
    var resolution: UInt8 = 6
    var offset: Int64 = 0
    var list = OptionList(at: start + 16, end: start + blockBytes - 4)
    while let option = try list.next(source, bytes, order) {
      switch (option.code, option.length) {
      case (9, 1): resolution = bytes[option.offset]
      case (13, 1): checkBytes = bytes[option.offset]
      case (14, 8): offset = Int64(bitPattern: order.number64(bytes, at: option.offset))
      default: break
      }
    }
    clock = InterfaceClock(resolution: resolution, offsetSeconds: offset)
  }
}
