internal import Traffic

/// One packet of a capture: what its record says, and where in the window its bytes are.
struct PacketRecord: Hashable {
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  var time: Int64
  /// Neither this packet nor one before it has a time stamp: `time` is the earliest that there is.
  var isUntimed = false
  /// Of the captured bytes in the window of the ``ByteSource``.
  var offset: Int
  var capturedBytes: UInt32
  /// Length of the frame as on the wire, with FCS if the capture has it.
  var originalBytes: UInt32
  var linkType: LinkType
  /// Length of the frame check sequence at the end of the original frame.
  var checkBytes: UInt8

  /// Longer packets are refused: twice the largest that a buffer of a segmentation offload (BIG TCP) can be.
  static let longest = 16 << 20
}
