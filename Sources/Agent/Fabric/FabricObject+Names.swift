import Moves

extension FabricObject {
  /// Whether it is a device; otherwise it is on one.
  var isDevice: Bool {
    switch self {
    case .bridge, .tunnel, .tap: true
    default: false
    }
  }

  /// Of the device that it is, or is on.
  var deviceName: String {
    switch self {
    case .bridge(let bridge): FabricNames.bridge(bridge.network)
    case .tunnel(let tunnel): FabricNames.tunnel(tunnel.network)
    case .tap(let tap): FabricNames.tap(tap.mac)
    case .gateway(let gateway): FabricNames.bridge(gateway.network)
    case .tunnelEntry(let entry): FabricNames.tunnel(entry.network)
    case .floodEntry(let entry): FabricNames.tunnel(entry.network)
    case .bridgeEntry(let entry):
      switch entry.port {
      case .tap: FabricNames.tap(entry.mac)
      case .tunnel: FabricNames.tunnel(entry.network)
      case .other(let name): name
      }
    case .neighbour(let neighbour): FabricNames.bridge(neighbour.network)
    }
  }

  /// As in messages.
  package var summary: String {
    switch self {
    case .bridge, .tunnel, .tap: "the device \(deviceName)"
    case .gateway(let gateway): "the address \(gateway.address)/\(gateway.prefixLength) on \(deviceName)"
    case .tunnelEntry(let entry): "the entry \(entry.mac) to \(entry.host) of \(deviceName)"
    case .floodEntry(let entry): "the entry for broadcasts to \(entry.host) of \(deviceName)"
    case .bridgeEntry(let entry):
      "the entry \(entry.mac) by \(deviceName) of \(FabricNames.bridge(entry.network))"
    case .neighbour(let neighbour): "the neighbour \(neighbour.address) at \(neighbour.mac) of \(deviceName)"
    }
  }
}

extension FabricChange {
  /// As in messages and logs.
  package var operation: String {
    switch self {
    case .put(let object): "put \(object.summary)"
    case .remove(let object): "remove \(object.summary)"
    }
  }
}
