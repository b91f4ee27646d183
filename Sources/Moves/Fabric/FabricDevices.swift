public import Model

extension FabricObject {
  /// `thbN`: one a virtual network. The initialiser gives what is wanted; what is read may differ.
  public struct Bridge: Hashable, Sendable {
    public var network: UInt32
    /// Fixed: the gateway's, the same at every host.
    public var mac: MACAddress
    public var mtu: UInt32
    public var isUp = true
    /// All else about the device and its port is as it was made: its kind, its own addresses, and no option but these.
    public var isIntact = true
    public var usesSTP = false
    public var snoopsMulticast = false
    /// False: `disable_ipv6` is 1. True where the network has IPv6 addresses, since a device without IPv6 takes no
    /// neighbours of it; then without a link-local address (`addr_gen_mode` none) and `accept_ra` 0.
    public var hasIPv6: Bool

    public init(network: UInt32, mac: MACAddress, mtu: UInt32 = FabricNames.mtu, hasIPv6: Bool = false) {
      self.network = network
      self.mac = mac
      self.mtu = mtu
      self.hasIPv6 = hasIPv6
    }
  }

  /// `thxN`: the VXLAN device of a virtual network, a port of its bridge. Its own address is
  /// `FabricNames.deviceMAC(ofTunnel:)`, IPv6 is off.
  public struct Tunnel: Hashable, Sendable {
    /// The VXLAN network identifier.
    public var network: UInt32
    /// The host's underlay address.
    public var local: IPAddress
    public var port: UInt16
    public var mtu: UInt32
    /// Frames may leave by this port that came in by it. Only for late frames of a VM that has just left.
    public var hairpin: Bool
    /// Broadcast and multicast leave by it (`IFLA_BRPORT_BCAST_FLOOD`, `…_MCAST_FLOOD`). Not with `hairpin`, or every
    /// broadcast that comes in would go out again to all hosts.
    public var floodsGroups: Bool
    public var isUp = true
    /// All else about the device and its port is as it was made: its kind, its own addresses, and no option but these.
    public var isIntact = true
    /// A port of `thbN`.
    public var isPort = true
    /// Of the device (`IFLA_VXLAN_LEARNING`) or of the port (`IFLA_BRPORT_LEARNING`).
    public var learns = false
    /// `IFLA_BRPORT_UNICAST_FLOOD`.
    public var floodsUnknown = false
    /// `IFLA_BRPORT_NEIGH_SUPPRESS`: ARP and ND for known neighbours are answered here and don't leave.
    public var suppressesNeighbours = true

    public init(
      network: UInt32, local: IPAddress, port: UInt16 = FabricNames.port, mtu: UInt32 = FabricNames.mtu,
      hairpin: Bool = false
    ) {
      self.network = network
      self.local = local
      self.port = port
      self.mtu = mtu
      self.hairpin = hairpin
      floodsGroups = !hairpin
    }
  }

  /// `th` and a MAC address: a persistent tap, open or fenced. Its own address is `FabricNames.deviceMAC(ofTap:)`,
  /// IPv6 is off.
  ///
  /// The fence is made of three things that hold whether or not QEMU has the tap open: the VM's bridge entry leads
  /// elsewhere, nothing is flooded to the port, and the port is locked, so that the bridge takes only frames in whose
  /// source has its entry at this very port. A port's state wouldn't do: the kernel makes it forwarding again as soon
  /// as QEMU opens the tap, and refuses to set it without.
  public struct Tap: Hashable, Sendable {
    /// The VM's address, and so the device's name.
    public var mac: MACAddress
    /// Of the bridge whose port it is; 0: of none of ours.
    public var network: UInt32
    /// Broadcast and multicast come out of it. False: fenced.
    public var floodsGroups: Bool
    public var mtu: UInt32
    /// `IFLA_TXQLEN`.
    public var queueLength: UInt32
    public var isUp = true
    /// All else about the device and its port is as it was made: its kind, its own addresses, and no option but these.
    public var isIntact = true
    public var learns = false
    public var floodsUnknown = false
    /// Off: the kernel doesn't answer requests that come in by a port which has it.
    public var suppressesNeighbours = false
    /// `IFLA_BRPORT_LOCKED`.
    public var isLocked = true

    public init(
      mac: MACAddress, network: UInt32, isFenced: Bool, mtu: UInt32 = FabricNames.mtu,
      queueLength: UInt32 = FabricNames.queueLength
    ) {
      self.mac = mac
      self.network = network
      floodsGroups = !isFenced
      self.mtu = mtu
      self.queueLength = queueLength
    }
  }
}
