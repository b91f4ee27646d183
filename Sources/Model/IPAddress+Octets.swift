extension IPAddress {
  /// 4 or 16 octets in the order of the wire; nil for any other number of them.
  public init?(octets: some Collection<UInt8>) {
    func number(_ part: some Sequence<UInt8>) -> UInt64 { part.reduce(0) { $0 << 8 | UInt64($1) } }
    switch octets.count {
    case 4: self.init(v4: UInt32(truncatingIfNeeded: number(octets)))
    case 16: self.init(v6High: number(octets.prefix(8)), low: number(octets.dropFirst(8)))
    default: return nil
    }
  }

  /// 4 or 16 octets in the order of the wire.
  public var octets: [UInt8] {
    switch family {
    case .v4: (0..<4).map { UInt8(truncatingIfNeeded: low >> (8 * (3 - $0))) }
    case .v6:
      (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> (8 * UInt64(7 - $0 % 8))) }
    }
  }
}
