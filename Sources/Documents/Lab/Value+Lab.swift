internal import Model

extension Value {
  func wholeNumber(_ range: ClosedRange<Int>) -> Int? {
    guard let number = number(.nonNegative) else { return nil }
    guard let whole = Int(exactly: number), range.contains(whole) else {
      error("must be a whole number from \(range.lowerBound) to \(range.upperBound), this is \(node.text ?? "")")
      return nil
    }
    return whole
  }

  /// A host name (RFC 952, RFC 1123 §2.1), which is also the name of files and domains: letters, digits and hyphens.
  func checkHostName(_ text: String) {
    let isGood = text.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte & 0xdf) || byte == UInt8(ascii: "-")
    }
    if !isGood || text.hasPrefix("-") || text.hasSuffix("-") || text.utf8.count > 63 || text == "localhost" {
      error("\(quoted(text)) can't be a host name", hint: "up to 63 letters, digits and hyphens, not at the ends")
    }
  }

  func address() -> IPAddress? {
    // Any text, since YAML 1.1 takes some addresses for numbers in base 60.
    guard let text = node.text, let address = IPAddress(text) else {
      error(
        "must be an IP address, this is \(node.kind)", hint: "192.168.77.1, without prefix length and leading zeros")
      return nil
    }
    return address
  }

  func subnet() -> IPSubnet? {
    let parts = (node.text ?? "").split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPAddress(parts[0]), let length = Int(parts[1]), String(length) == parts[1],
      (0...address.bits).contains(length)
    else {
      error("must be a subnet, this is \(node.kind)", hint: "an address and the length of its prefix: 192.168.77.0/24")
      return nil
    }
    guard let subnet = IPSubnet(address: address.masked(length), length: length), subnet.address == address else {
      error("has bits after the prefix", hint: "\(address.masked(length))/\(length)")
      return nil
    }
    guard length > 0, address.bits - length > 1 else {
      error("leaves no room for guests", hint: "a prefix of 1 to \(address.bits - 2) bits")
      return nil
    }
    return subnet
  }

  func macAddress() -> MACAddress? {
    guard let text = node.text, let address = MACAddress(text), !address.isMulticast, address.number != 0 else {
      error("must be a MAC address of one machine, this is \(node.kind)", hint: "52:54:00:00:01:01")
      return nil
    }
    return address
  }
}
