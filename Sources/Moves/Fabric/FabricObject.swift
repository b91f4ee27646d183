public import Model

/// One kernel object of the fabric, with everything about it that the fabric depends on. What was read of the kernel
/// has the same form as what is wanted, so that the two can be compared.
public enum FabricObject: Hashable, Sendable {
  case bridge(Bridge)
  case tunnel(Tunnel)
  case tap(Tap)
  case gateway(Gateway)
  case tunnelEntry(TunnelEntry)
  case floodEntry(FloodEntry)
  case bridgeEntry(BridgeEntry)
  case neighbour(Neighbour)

  /// What makes two values the same object, maybe in two states.
  public enum Key: Hashable, Sendable {
    case bridge(UInt32)
    case tunnel(UInt32)
    case tap(MACAddress)
    case gateway(UInt32, IPAddress)
    case tunnelEntry(UInt32, MACAddress)
    case floodEntry(UInt32, IPAddress)
    case bridgeEntry(UInt32, MACAddress)
    case neighbour(UInt32, IPAddress)
  }

  public var key: Key {
    switch self {
    case .bridge(let bridge): .bridge(bridge.network)
    case .tunnel(let tunnel): .tunnel(tunnel.network)
    case .tap(let tap): .tap(tap.mac)
    case .gateway(let gateway): .gateway(gateway.network, gateway.address)
    case .tunnelEntry(let entry): .tunnelEntry(entry.network, entry.mac)
    case .floodEntry(let entry): .floodEntry(entry.network, entry.host)
    case .bridgeEntry(let entry): .bridgeEntry(entry.network, entry.mac)
    case .neighbour(let neighbour): .neighbour(neighbour.network, neighbour.address)
    }
  }
}
