/// What is known of a frame at a VM's tap besides its bytes.
public struct TapFrame: BitwiseCopyable, Hashable, Sendable {
  /// How the frame, a buffer of segmentation offload, is cut before it goes on the wire.
  public enum Segmentation: UInt8, BitwiseCopyable, Hashable, Sendable {
    /// TCP segments, each with its own headers (TSO).
    case tcp
    /// UDP datagrams, each with its own headers (USO).
    case udp
    /// Fragments of one datagram, each with its own IP header (UFO).
    case fragments
  }

  /// Nanoseconds since 1970-01-01T00:00:00Z.
  public var time: Int64
  /// Of the frame without frame check sequence, and without a VLAN tag that is known apart from it.
  public var bytes: Int
  /// The VM receives it; otherwise it sends it.
  public var isReceived: Bool
  /// A VLAN tag is known apart from the frame.
  public var hasTag: Bool
  /// Payload of each segment, the last one's excepted; 0: the frame goes as it is.
  public var segmentBytes: UInt16
  public var segmentation: Segmentation

  public init(
    time: Int64, bytes: Int, isReceived: Bool, hasTag: Bool = false, segmentBytes: UInt16 = 0,
    segmentation: Segmentation = .tcp
  ) {
    self.time = time
    self.bytes = bytes
    self.isReceived = isReceived
    self.hasTag = hasTag
    self.segmentBytes = segmentBytes
    self.segmentation = segmentation
  }
}
