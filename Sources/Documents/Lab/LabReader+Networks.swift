internal import Model

extension LabReader {
  mutating func networks(of fields: Fields) -> [VirtualNetwork] {
    let items = fields.items("networks")
    if items.count > Self.limits.networks, let list = fields["networks"] {
      list.error("lists \(items.count) networks", hint: "at most \(Self.limits.networks)")
    }
    return items.enumerated().compactMap { network($1, number: UInt32(truncatingIfNeeded: $0 + 1)) }
  }

  private mutating func network(_ value: Value, number: UInt32) -> VirtualNetwork? {
    guard let fields = Fields(value, .network) else { return nil }
    let name = fields.name()
    if let name, let place = fields["name"] { networkNames.add(name, at: place) }
    guard let name, let subnet = fields["subnet"]?.subnet() else { return nil }
    if let reason = subnet.reservation {
      fields["subnet"]?.error(
        "\(subnet.text) \(reason)", hint: "take one of private addresses, such as 192.168.77.0/24")
      return nil
    }
    let gateway = fields["gateway"].flatMap { address($0, in: subnet, of: name, for: "the gateway") }
    return VirtualNetwork(name: name, number: number, subnet: subnet, gateway: gateway)
  }

  /// An address that a guest or gateway may have, and that nobody has yet.
  mutating func address(
    _ value: Value, in subnet: IPSubnet, of network: String, for holder: String
  ) -> IPAddress? {
    guard let address = value.address() else { return nil }
    if let reason = subnet.refusal(of: address) {
      value.error("\(address) \(reason)", hint: "the network \(quoted(network)) is \(subnet.text)")
      return nil
    }
    return hold(address, of: network, for: holder, at: value) ? address : nil
  }

  /// Whether the address was still free.
  mutating func hold(_ address: IPAddress, of network: String, for holder: String, at value: Value) -> Bool {
    if let other = holders[network]?[address] {
      value.error("the address \(address) is that of \(other.name) already", hint: "on line \(other.line)")
      return false
    }
    holders[network, default: [:]][address] = (holder, value.position.line)
    return true
  }
}

extension IPSubnet {
  var text: String { "\(address)/\(length)" }

  /// Why guests can't use it (RFC 6890).
  var reservation: String? {
    guard address.family == .v4 else { return nil }
    switch UInt32(truncatingIfNeeded: address.low) >> 24 {
    case 127: return "is of the machine itself (loopback)"
    case 224...: return "is for multicast, or reserved"
    case 0: return "means this network"
    default: return nil
    }
  }

  /// Why no machine can have the address: it is outside, or stands for the subnet or all of it (RFC 1122 §3.2.1.3;
  /// RFC 3021 and RFC 6164 for subnets of two).
  func refusal(of other: IPAddress) -> String? {
    guard contains(other) else { return "is outside the subnet" }
    guard other.bits - length > 1 else { return nil }
    if other == address { return "is the address of the subnet itself" }
    return other.family == .v4 && !contains(IPAddress(v4: UInt32(truncatingIfNeeded: other.low) &+ 1))
      ? "is the subnet's broadcast address" : nil
  }
}
