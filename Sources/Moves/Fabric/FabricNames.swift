public import Model

/// Names and numbers of the fabric's kernel objects. What has such a name is ours, on every host.
public enum FabricNames {
  /// Of VXLAN (RFC 7348 §5).
  public static let port: UInt16 = 4789
  /// Of every device of the fabric: the underlay's 1500 less the 50 bytes of VXLAN over IPv4.
  public static let mtu: UInt32 = 1450
  /// Frames that a tap holds while its VM stands still: a downtime of 0.3 s at 1 Gb/s; the kernel's 500 are 6 ms.
  public static let queueLength: UInt32 = 25_000

  /// The bridge of the virtual network with that number.
  public static func bridge(_ network: UInt32) -> String { "thb\(network)" }

  /// The VXLAN device of the virtual network with that number.
  public static func tunnel(_ network: UInt32) -> String { "thx\(network)" }

  /// The tap of the interface with that address, as in `th525400000001` (14 of the 15 characters that Linux allows).
  public static func tap(_ mac: MACAddress) -> String { "th" + mac.digits }

  /// Of a bridge's name; nil where it isn't one of ours.
  public static func network(ofBridge name: String) -> UInt32? { number(of: name, after: "thb") }

  /// Of a VXLAN device's name; nil where it isn't one of ours.
  public static func network(ofTunnel name: String) -> UInt32? { number(of: name, after: "thx") }

  /// Of a tap's name; nil where it isn't one of ours.
  public static func mac(ofTap name: String) -> MACAddress? {
    guard name.utf8.count == 14, name.hasPrefix("th") else { return nil }
    let digits = name.dropFirst(2)
    guard digits.allSatisfy({ $0.isHexDigit && !$0.isUppercase }) else { return nil }
    return UInt64(digits, radix: 16).map { MACAddress($0) }
  }

  /// The address of the tap device itself, which mustn't be the VM's: the bridge takes a port's own address for its
  /// own. As libvirt does it: the VM's with 0xfe as first octet.
  public static func deviceMAC(ofTap mac: MACAddress) -> MACAddress {
    MACAddress(mac.number & 0x00ff_ffff_ffff | 0xfe00_0000_0000)
  }

  /// The address of the VXLAN device itself: that of the gateway with 0x06 as first octet.
  public static func deviceMAC(ofTunnel network: UInt32) -> MACAddress {
    MACAddress(0x0674_6800_0000 | UInt64(network))
  }

  private static func number(of name: String, after prefix: String) -> UInt32? {
    guard name.hasPrefix(prefix), let number = UInt32(name.dropFirst(3)), (1..<1 << 24).contains(number),
      name == prefix + String(number)
    else { return nil }
    return number
  }
}
