package import GRPCCore
package import Model
internal import Trust

/// From where somebody calls.
package struct PeerAddress: Hashable, Sendable {
  package var address: IPAddress

  /// Nil where gRPC's text for it (`ipv4:192.0.2.7:41822`, `ipv6:[2001:db8::7]:41822`) isn't one of an address.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1)
    guard parts.count == 2, let colon = parts[1].lastIndex(of: ":") else { return nil }
    let host = parts[1][..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
    guard let address = IPAddress(host) else { return nil }
    // IPv4 at a socket of IPv6 (RFC 4291 §2.5.5.2).
    let isMapped = address.family == .v6 && address.high == 0 && address.low >> 32 == 0xffff
    self.address = isMapped ? IPAddress(v4: UInt32(truncatingIfNeeded: address.low)) : address
  }

  /// What one of them has for itself: with IPv6, anybody has 2⁶⁴ addresses.
  package var network: IPAddress { address.holder }
}

extension ServerContext {
  package var peerAddress: PeerAddress? { PeerAddress(remotePeer) }
}
