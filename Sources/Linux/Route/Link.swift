package import Model

/// A network interface as the kernel describes it.
package struct Link: Hashable, Sendable {
  package var index: UInt32
  package var name: String
  /// Nil where it has none (a TUN device) or one of another length.
  package var mac: MACAddress?
  package var mtu: UInt32
  /// Frames that its queue holds.
  package var queueLength: UInt32
  package var isUp: Bool
  /// The kernel passes frames (RFC 2863's operational state): it is up and, of a tap, a process has it open. Some time
  /// after both.
  package var isOperational: Bool
  /// Index of the bridge that it is a port of; 0: none.
  package var master: UInt32
  package var kind: Kind
  /// What it is as a port of a bridge; nil where it is none.
  package var port: BridgePort?

  package enum Kind: Hashable, Sendable {
    case bridge(Bridge)
    case vxlan(VXLAN)
    /// TAP and TUN alike.
    case tun
    /// Its name, as `ip -d link` prints it; empty for hardware and loopback.
    case other(String)
  }

  package struct Bridge: Hashable, Sendable {
    package var spanningTree: Bool
    package var multicastSnooping: Bool

    package init(spanningTree: Bool, multicastSnooping: Bool) {
      self.spanningTree = spanningTree
      self.multicastSnooping = multicastSnooping
    }
  }

  package struct VXLAN: Hashable, Sendable {
    /// Network identifier, 0 ..< 2²⁴.
    package var identifier: UInt32
    /// Source of the outer packets; nil: the route's.
    package var local: IPAddress?
    /// UDP port of the other ends.
    package var port: UInt16
    /// Whether the device learns from outer packets where MAC addresses are.
    package var learning: Bool

    package init(identifier: UInt32, local: IPAddress?, port: UInt16, learning: Bool) {
      self.identifier = identifier
      self.local = local
      self.port = port
      self.learning = learning
    }
  }
}
