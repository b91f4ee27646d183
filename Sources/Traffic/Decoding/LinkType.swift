/// How the frames of a capture begin, by the numbers of https://www.tcpdump.org/linktypes.html.
public struct LinkType: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt16

  @inlinable
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// BSD loopback: the address family as four bytes in the byte order of the capturing host.
  public static let null = LinkType(rawValue: 0)
  public static let ethernet = LinkType(rawValue: 1)
  /// OpenBSD loopback: as `null`, in network byte order.
  public static let loop = LinkType(rawValue: 108)
  /// Raw IP of either version; 12 and 14 are what some systems write for it.
  public static let raw = LinkType(rawValue: 101)
  public static let rawBSD = LinkType(rawValue: 12)
  public static let rawOpenBSD = LinkType(rawValue: 14)
  /// Linux "cooked" capture: 16 bytes, the EtherType last.
  public static let linuxCooked = LinkType(rawValue: 113)
  public static let ipv4 = LinkType(rawValue: 228)
  public static let ipv6 = LinkType(rawValue: 229)
  /// Linux "cooked" capture, version 2: 20 bytes, the EtherType first.
  public static let linuxCooked2 = LinkType(rawValue: 276)
}
