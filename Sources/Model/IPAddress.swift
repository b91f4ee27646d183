/// An IPv4 or IPv6 address. Ordered by number, IPv4 before IPv6.
public struct IPAddress: BitwiseCopyable, Hashable, Sendable {
  /// Which version of IP.
  public enum Family: UInt8, BitwiseCopyable, Hashable, Sendable {
    case v4 = 4
    case v6 = 6
  }

  /// The upper 64 bits of an IPv6 address, in host byte order; 0 for IPv4.
  public let high: UInt64
  /// The lower 64 bits of an IPv6 address, in host byte order; an IPv4 address as a number.
  public let low: UInt64
  /// Which of the two it is.
  public let family: Family

  /// - Parameter number: in host byte order: 10.0.0.1 is 0x0a00_0001.
  @inlinable
  public init(v4 number: UInt32) {
    (high, low, family) = (0, UInt64(number), .v4)
  }

  /// Both halves in host byte order.
  @inlinable
  public init(v6High high: UInt64, low: UInt64) {
    (self.high, self.low, family) = (high, low, .v6)
  }
}

extension IPAddress: Comparable {
  /// IPv4 before IPv6, then by number.
  public static func < (left: IPAddress, right: IPAddress) -> Bool {
    (left.family.rawValue, left.high, left.low) < (right.family.rawValue, right.high, right.low)
  }
}
