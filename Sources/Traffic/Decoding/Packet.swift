public import Model

/// What counting needs to know of one IP packet.
public struct Packet: Hashable, Sendable {
  public var source: IPAddress
  public var destination: IPAddress
  /// Bytes of the frame as on the wire, without its frame check sequence.
  public var frameBytes: UInt64
  /// Bytes by the IP header (see ``PacketDecoder``).
  public var ipBytes: UInt64
  public var payload: Payload

  public init(source: IPAddress, destination: IPAddress, frameBytes: UInt64, ipBytes: UInt64, payload: Payload) {
    self.source = source
    self.destination = destination
    self.frameBytes = frameBytes
    self.ipBytes = ipBytes
    self.payload = payload
  }
}

/// What a packet carries, as far as messages go.
public struct Payload: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// Nothing that anybody waits for: a later fragment, multicast, broadcast.
    case none
    /// A TCP segment, also one without payload; only of these ports, sequence and flags say something.
    case segment
    /// A packet of another transport, or the first fragment of one.
    case datagram
  }

  public var kind: Kind
  /// Payload by the IP header, which leaves Ethernet's padding out: of a segment without TCP's header, of a datagram
  /// with its transport's.
  public var bytes: UInt32 = 0
  /// The fields of a TCP header (RFC 9293 §3.1) that tell messages apart.
  public var sourcePort: UInt16 = 0
  public var destinationPort: UInt16 = 0
  public var sequence: UInt32 = 0
  public var isSyn = false
  public var isPush = false

  @inline(__always)
  public init(_ kind: Kind = .none, bytes: UInt32 = 0) {
    self.kind = kind
    self.bytes = bytes
  }
}

/// What a frame turned out to be.
public enum DecodedFrame: Hashable, Sendable {
  case ip(Packet)
  /// No IP, or IP behind a link layer that isn't looked through.
  case other
  /// IP by its link layer, but with a fixed header that can't be read, or whose version or header length is wrong.
  case malformed
}
