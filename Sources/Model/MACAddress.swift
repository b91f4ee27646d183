/// An Ethernet address: 48 bits, as a number in the lower bits (first octet on the wire = most significant).
public struct MACAddress: BitwiseCopyable, Hashable, Sendable {
  /// 0 ..< 2⁴⁸.
  public let number: UInt64

  /// The upper 16 bits of `number` are ignored.
  public init(_ number: UInt64) {
    self.number = number & 0xffff_ffff_ffff
  }

  /// Six pairs of hexadecimal digits between colons or hyphens, nil for anything else.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "-" }
    guard parts.count == 6 else { return nil }
    var number: UInt64 = 0
    for part in parts {
      guard part.utf8.count == 2, part.allSatisfy(\.isHexDigit), let octet = UInt64(part, radix: 16) else { return nil }
      number = number << 8 | octet
    }
    self.number = number
  }

  /// The octets in the order of the wire.
  public var octets: [UInt8] {
    (0..<6).map { UInt8(truncatingIfNeeded: number >> (8 * (5 - $0))) }
  }

  /// Group addresses, broadcast among them: the least significant bit of the first octet is set.
  public var isMulticast: Bool { number >> 40 & 1 == 1 }
}

extension MACAddress: Comparable {
  public static func < (left: MACAddress, right: MACAddress) -> Bool { left.number < right.number }
}

extension MACAddress: CustomStringConvertible {
  /// Lower case with colons.
  public var description: String {
    octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
  }

  /// Twelve lower-case hexadecimal digits without separators.
  public var digits: String {
    octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
