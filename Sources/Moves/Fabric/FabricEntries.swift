public import Model

extension FabricObject {
  /// The gateway's address on the bridge: at every host the same (anycast).
  public struct Gateway: Hashable, Sendable {
    public var network: UInt32
    public var address: IPAddress
    /// Of the subnet.
    public var prefixLength: Int

    public init(network: UInt32, address: IPAddress, prefixLength: Int) {
      self.network = network
      self.address = address
      self.prefixLength = prefixLength
    }
  }

  /// `bridge fdb replace MAC dev thxN self dst HOST`: to which host frames for a VM go.
  public struct TunnelEntry: Hashable, Sendable {
    public var network: UInt32
    public var mac: MACAddress
    /// On the underlay.
    public var host: IPAddress

    public init(network: UInt32, mac: MACAddress, host: IPAddress) {
      self.network = network
      self.mac = mac
      self.host = host
    }
  }

  /// `bridge fdb append 00:00:00:00:00:00 dev thxN self dst HOST`: one copy of each broadcast goes there.
  public struct FloodEntry: Hashable, Sendable {
    public var network: UInt32
    /// On the underlay.
    public var host: IPAddress

    public init(network: UInt32, host: IPAddress) {
      self.network = network
      self.host = host
    }
  }

  /// `bridge fdb replace MAC dev PORT master static`: by which port of the bridge frames for a VM leave.
  public struct BridgeEntry: Hashable, Sendable {
    public enum Port: Hashable, Sendable {
      /// The VM's own tap.
      case tap
      /// The network's VXLAN device.
      case tunnel
      /// Anything else, by its device's name; never wanted.
      case other(String)
    }

    public var network: UInt32
    public var mac: MACAddress
    public var port: Port
    /// NUD_NOARP, as ours are. Read as false: learnt by the kernel, or made by somebody as permanent (which means
    /// the bridge's own address).
    public var isStatic: Bool

    public init(network: UInt32, mac: MACAddress, port: Port, isStatic: Bool = true) {
      self.network = network
      self.mac = mac
      self.port = port
      self.isStatic = isStatic
    }
  }

  /// `ip neigh replace ADDRESS lladdr MAC dev thbN nud permanent`: what the host answers ARP and ND with.
  public struct Neighbour: Hashable, Sendable {
    public var network: UInt32
    public var address: IPAddress
    public var mac: MACAddress
    /// Read as false: anything but permanent.
    public var isPermanent: Bool

    public init(network: UInt32, address: IPAddress, mac: MACAddress, isPermanent: Bool = true) {
      self.network = network
      self.address = address
      self.mac = mac
      self.isPermanent = isPermanent
    }
  }
}
