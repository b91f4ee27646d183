import CLinux

/// Settings of a port of a bridge; nil: not said, so left as it is. What the kernel tells has all that it knows.
package struct BridgePort: Hashable, Sendable {
  package var state: State?
  /// Learn where MAC addresses are from frames that come in here.
  package var learning: Bool?
  /// Send out frames for MAC addresses that the bridge doesn't know.
  package var unicastFlood: Bool?
  package var multicastFlood: Bool?
  package var broadcastFlood: Bool?
  /// Answer ARP and ND requests for machines behind this port from the bridge's neighbours, and send out none.
  package var neighbourSuppression: Bool?
  /// Send frames out of the port that they came in by.
  package var hairpin: Bool?
  /// Take only frames whose source MAC address has an entry for this port.
  package var locked: Bool?
  /// Send nothing to other ports that are isolated too.
  package var isolated: Bool?

  /// As spanning tree has them; with that off, disabled and forwarding count.
  package enum State: UInt8, Hashable, Sendable {
    case disabled, listening, learning, forwarding, blocking
  }

  package init(
    state: State? = nil, learning: Bool? = nil, unicastFlood: Bool? = nil, multicastFlood: Bool? = nil,
    broadcastFlood: Bool? = nil, neighbourSuppression: Bool? = nil, hairpin: Bool? = nil, locked: Bool? = nil,
    isolated: Bool? = nil
  ) {
    self.state = state
    self.learning = learning
    self.unicastFlood = unicastFlood
    self.multicastFlood = multicastFlood
    self.broadcastFlood = broadcastFlood
    self.neighbourSuppression = neighbourSuppression
    self.hairpin = hairpin
    self.locked = locked
    self.isolated = isolated
  }

  private static var attributes: [(type: Int, setting: WritableKeyPath<BridgePort, Bool?>)] {
    [
      (Int(IFLA_BRPORT_MODE), \.hairpin),
      (Int(IFLA_BRPORT_UNICAST_FLOOD), \.unicastFlood),
      (Int(IFLA_BRPORT_MCAST_FLOOD), \.multicastFlood),
      (Int(IFLA_BRPORT_BCAST_FLOOD), \.broadcastFlood),
      (Int(IFLA_BRPORT_LEARNING), \.learning),
      (Int(IFLA_BRPORT_NEIGH_SUPPRESS), \.neighbourSuppression),
      (Int(IFLA_BRPORT_LOCKED), \.locked),
      (Int(IFLA_BRPORT_ISOLATED), \.isolated),
    ]
  }

  /// In the order of `bridge link set`.
  func encode(into bytes: inout NetlinkBytes) {
    for (type, setting) in Self.attributes {
      if let value = self[keyPath: setting] { bytes.attribute(type, flag: value) }
    }
    if let state { bytes.attribute(Int(IFLA_BRPORT_STATE), state.rawValue) }
  }

  init(decoding bytes: ArraySlice<UInt8>) throws(NetlinkDecodingError) {
    self.init()
    var attributes = try NetlinkAttributes(bytes)
    while let attribute = try attributes.next() {
      if attribute.type == Int(IFLA_BRPORT_STATE) {
        state = attribute.uint8.flatMap(State.init(rawValue:))
      } else if let (_, setting) = Self.attributes.first(where: { $0.type == attribute.type }) {
        self[keyPath: setting] = attribute.flag
      }
    }
  }
}
