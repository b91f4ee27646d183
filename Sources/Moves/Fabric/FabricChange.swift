internal import Model

/// One thing to do to the kernel.
public enum FabricChange: Hashable, Sendable {
  /// Make it be so: create what isn't there, set what differs. Done twice, it changes nothing.
  case put(FabricObject)
  /// As it was read. What is gone already is fine. A device takes the entries on it with it.
  case remove(FabricObject)
}

extension WantedFabric {
  /// What makes the actual fabric the wanted one, in the order in which it is to be done:
  ///
  /// - devices before what is on them; taps first fenced, then opened, so that two taps are never open;
  /// - to which host a VM's frames go, before the bridge hands them to the tunnel;
  /// - removals last, entries before devices.
  ///
  /// Objects on our devices that aren't wanted are removed, except those that the kernel makes for itself.
  public func difference(from actual: ActualFabric) -> [FabricChange] {
    let puts = objects.values.filter { actual.objects[$0.key] != $0 }
    let surplus = actual.objects.values.filter { objects[$0.key] == nil && !actual.isKernelMade($0) }
    let devices = surplus.filter(\.isDevice)
    let removals = surplus.filter { object in !devices.contains { object.isOn($0) } }
    return puts.sorted { $0.order < $1.order }.map(FabricChange.put)
      + removals.sorted { $0.order > $1.order }.map(FabricChange.remove)
  }
}

extension FabricObject {
  var isDevice: Bool {
    switch self {
    case .bridge, .tunnel, .tap: true
    default: false
    }
  }

  /// Whether it vanishes with that device.
  func isOn(_ device: FabricObject) -> Bool {
    switch (self, device) {
    case (.bridgeEntry(let entry), .bridge(let bridge)): entry.network == bridge.network
    case (.bridgeEntry(let entry), .tunnel(let tunnel)): entry.network == tunnel.network && entry.port == .tunnel
    case (.bridgeEntry(let entry), .tap(let tap)):
      entry.network == tap.network && entry.mac == tap.mac && entry.port == .tap
    case (.gateway(let gateway), .bridge(let bridge)): gateway.network == bridge.network
    case (.neighbour(let neighbour), .bridge(let bridge)): neighbour.network == bridge.network
    case (.tunnelEntry(let entry), .tunnel(let tunnel)): entry.network == tunnel.network
    case (.floodEntry(let entry), .tunnel(let tunnel)): entry.network == tunnel.network
    default: false
    }
  }

  /// Puts go from the least to the greatest, removals the other way; ties by numbers, so that one difference is
  /// always one list.
  fileprivate var order: Order {
    switch self {
    case .bridge(let bridge): Order(rank: 0, network: bridge.network, mac: nil, address: nil)
    case .tap(let tap): Order(rank: tap.floodsGroups ? 3 : 1, network: tap.network, mac: tap.mac, address: nil)
    case .tunnel(let tunnel): Order(rank: 2, network: tunnel.network, mac: nil, address: nil)
    case .tunnelEntry(let entry): Order(rank: 4, network: entry.network, mac: entry.mac, address: nil)
    case .bridgeEntry(let entry): Order(rank: 5, network: entry.network, mac: entry.mac, address: nil)
    case .floodEntry(let entry): Order(rank: 6, network: entry.network, mac: nil, address: entry.host)
    case .gateway(let gateway): Order(rank: 7, network: gateway.network, mac: nil, address: gateway.address)
    case .neighbour(let neighbour):
      Order(rank: 8, network: neighbour.network, mac: nil, address: neighbour.address)
    }
  }
}

private struct Order: Comparable {
  var rank: Int
  var network: UInt32
  var mac: UInt64
  var family: UInt8
  var high: UInt64
  var low: UInt64

  init(rank: Int, network: UInt32, mac: MACAddress?, address: IPAddress?) {
    self.rank = rank
    self.network = network
    self.mac = mac?.number ?? 0
    family = address?.family.rawValue ?? 0
    high = address?.high ?? 0
    low = address?.low ?? 0
  }

  static func < (left: Order, right: Order) -> Bool {
    (left.rank, left.network, left.mac, left.family, left.high, left.low)
      < (right.rank, right.network, right.mac, right.family, right.high, right.low)
  }
}
