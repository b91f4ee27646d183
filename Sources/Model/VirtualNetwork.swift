/// A network of virtual machines that spans all sites: one Ethernet segment over VXLAN.
public struct VirtualNetwork: Hashable, Sendable {
  public var name: String
  /// The VXLAN network identifier, 1 ..< 2²⁴; also the number in the names of the kernel's devices.
  public var number: UInt32
  public var subnet: IPSubnet
  /// The same at every site; nil: the network has no way out.
  public var gateway: IPAddress?

  public init(name: String, number: UInt32, subnet: IPSubnet, gateway: IPAddress? = nil) {
    self.name = name
    self.number = number
    self.subnet = subnet
    self.gateway = gateway
  }

  /// The MAC address of the bridge, and so of the gateway, at every host: locally administered, told by the number.
  public var gatewayMAC: MACAddress { MACAddress(0x0274_6800_0000 | UInt64(number)) }
}

/// An address and the length of its prefix, as in `192.168.77.0/24`.
public struct IPSubnet: Hashable, Sendable {
  /// With the bits after the prefix zero.
  public let address: IPAddress
  /// 0 ... 32 or 0 ... 128.
  public let length: Int

  /// Nil where the length is impossible or bits after the prefix are set.
  public init?(address: IPAddress, length: Int) {
    guard (0...address.bits).contains(length), address.masked(length) == address else { return nil }
    self.address = address
    self.length = length
  }

  public func contains(_ other: IPAddress) -> Bool {
    other.family == address.family && other.masked(length) == address
  }

  /// The address that many after the subnet's first; nil beyond the subnet.
  public func host(_ index: UInt64) -> IPAddress? {
    let (low, overflow) = address.low.addingReportingOverflow(index)
    guard !overflow else { return nil }
    let other =
      address.family == .v4
      ? low <= UInt64(UInt32.max) ? IPAddress(v4: UInt32(low)) : nil : IPAddress(v6High: address.high, low: low)
    return other.flatMap { contains($0) ? $0 : nil }
  }
}

extension IPAddress {
  /// 32 or 128.
  public var bits: Int { family == .v4 ? 32 : 128 }

  /// With all bits after the first `length` zero.
  public func masked(_ length: Int) -> IPAddress {
    switch family {
    case .v4:
      IPAddress(v4: UInt32(truncatingIfNeeded: low) & UInt32(truncatingIfNeeded: UInt64(UInt32.max) << (32 - length)))
    case .v6:
      IPAddress(
        v6High: high & (length >= 64 ? .max : ~(UInt64.max >> length)),
        low: low & (length <= 64 ? 0 : ~(UInt64.max >> (length - 64))))
    }
  }
}
