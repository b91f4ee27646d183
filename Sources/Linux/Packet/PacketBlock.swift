internal import CLinux

/// What the kernel says of a frame besides its bytes.
package struct FrameFacts: BitwiseCopyable, Hashable, Sendable {
  /// Nanoseconds since 1970, by the kernel's clock.
  package var time: Int64
  /// Bytes of the frame without the frame check sequence, and without a tag that was taken out of it.
  package var bytes: Int
  /// Index of the interface.
  package var interface: UInt32
  /// The host hands it to the interface; otherwise it comes from there.
  package var isOutgoing: Bool
  /// A VLAN tag was taken out of the frame: as metadata it has four bytes less.
  package var hasTag: Bool
  /// Payload bytes of each segment that the frame is cut into later; 0: it isn't.
  package var segmentBytes: UInt16
  /// How it is cut: `gso_type` of the virtio-net header without the ECN bit (Virtual I/O Device 1.2, §5.1.6).
  package var segmentation: UInt8
}

/// A block of a packet ring, full of frames in about the order in which they came.
@safe
package struct PacketBlock {
  // SAFETY: points into the mapping of the ring that hands the block to a closure, and waits for its return.
  private let start: UnsafeRawPointer

  @unsafe init(start: UnsafeRawPointer) {
    unsafe self.start = start
  }

  /// Hands each frame over: the bytes that were kept of it, which are gone afterwards, and the rest.
  @inline(__always)
  package func forEach(_ body: (Span<UInt8>, FrameFacts) -> Void) {
    // The kernel has written whole frames, as many as it says, each with the offset of the next.
    var place = unsafe clinux_block_first(start)
    let count = unsafe clinux_block_frames(start)
    for _ in 0..<count {
      guard let current = unsafe place else { return }
      var frame = unsafe clinux_frame()
      unsafe place = clinux_frame_read(current, &frame)
      let bytes = unsafe UnsafeBufferPointer(start: frame.bytes, count: Int(frame.captured))
      let facts = unsafe FrameFacts(
        time: frame.time, bytes: Int(frame.length), interface: UInt32(bitPattern: frame.interface),
        isOutgoing: frame.type == UInt8(PACKET_OUTGOING), hasTag: frame.has_tag, segmentBytes: frame.gso_size,
        segmentation: frame.gso_type & ~UInt8(VIRTIO_NET_HDR_GSO_ECN))
      unsafe body(bytes.span, facts)
    }
  }
}
