extension Endpoint {
  /// What a matrix can call a machine: its name, also where that reads as an address, and its addresses.
  package static func all(named name: String, addresses: [IPAddress]) -> [Endpoint] {
    [.name(name), Endpoint(name)] + addresses.map(Endpoint.address)
  }

  /// Whether this can be one machine: false for multicast, broadcast and unspecified addresses.
  package var canBeOneMachine: Bool {
    switch self {
    case .name: true
    case .address(let address): address.isUnicast
    }
  }
}

extension IPAddress {
  /// False for 224.0.0.0/4, 255.255.255.255, ff00::/8 and the unspecified addresses (RFC 1122 §3.2.1.3, RFC 4291 §2.4);
  /// the broadcast address of a subnet can't be told.
  package var isUnicast: Bool {
    switch family {
    case .v4: low != 0 && low >> 28 != 0xe && low != 0xffff_ffff
    case .v6: high >> 56 != 0xff && (high, low) != (0, 0)
    }
  }
}
