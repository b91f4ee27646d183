/// An IPv4 or IPv6 address. Ordered by number, IPv4 before IPv6.
public struct IPAddress: BitwiseCopyable, Hashable, Sendable {
  public enum Family: UInt8, BitwiseCopyable, Hashable, Sendable {
    case v4 = 4
    case v6 = 6
  }

  /// The upper 64 bits of an IPv6 address, in host byte order; 0 for IPv4.
  public let high: UInt64
  /// The lower 64 bits of an IPv6 address, in host byte order; an IPv4 address as a number.
  public let low: UInt64
  public let family: Family

  @inlinable
  public init(v4 number: UInt32) {
    (high, low, family) = (0, UInt64(number), .v4)
  }

  @inlinable
  public init(v6High high: UInt64, low: UInt64) {
    (self.high, self.low, family) = (high, low, .v6)
  }
}

extension IPAddress: Comparable {
  public static func < (left: IPAddress, right: IPAddress) -> Bool {
    (left.family.rawValue, left.high, left.low) < (right.family.rawValue, right.high, right.low)
  }
}
