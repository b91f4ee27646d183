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
public enum Payload: Hashable, Sendable {
  /// Nothing that anybody waits for: a later fragment, multicast, broadcast.
  case none
  /// A TCP segment, also one without payload.
  case tcp(Segment)
  /// A packet of another transport, or the first fragment of one.
  case datagram
}

/// The fields of a TCP segment that tell messages apart (RFC 9293 §3.1).
public struct Segment: Hashable, Sendable {
  public var sourcePort: UInt16
  public var destinationPort: UInt16
  public var sequence: UInt32
  /// Payload by the IP header, which leaves Ethernet's padding out.
  public var bytes: UInt32
  public var isSyn: Bool
  public var isPush: Bool

  public init(
    sourcePort: UInt16, destinationPort: UInt16, sequence: UInt32, bytes: UInt32, isSyn: Bool = false,
    isPush: Bool = false
  ) {
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
    self.sequence = sequence
    self.bytes = bytes
    self.isSyn = isSyn
    self.isPush = isPush
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
