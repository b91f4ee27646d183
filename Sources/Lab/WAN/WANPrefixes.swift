package import Model

/// Which site an IP packet goes to, by the longest prefix that holds its destination.
package struct WANPrefixes: Sendable {
  /// Longest first.
  private let entries: [(prefix: IPSubnet, site: Int)]

  /// - Parameter prefixes: of each site, in the order of their indices
  package init(_ prefixes: [[IPSubnet]]) {
    entries = prefixes.enumerated().flatMap { site, prefixes in prefixes.map { ($0, site) } }
      .sorted { $0.0.length > $1.0.length }
  }

  package func site(of address: IPAddress) -> Int? {
    for entry in entries where entry.prefix.contains(address) { return entry.site }
    return nil
  }

  /// Nil where the bytes aren't a whole IP header, or nobody has the destination.
  package func site(ofPacket bytes: RawSpan) -> Int? {
    // The version is in the upper half of the first byte (RFC 791 §3.1, RFC 8200 §3).
    guard let version = bytes.byte(0).map({ $0 >> 4 }) else { return nil }
    switch version {
    case 4:
      guard let number = bytes.bigEndian(at: 16) else { return nil }
      return site(of: IPAddress(v4: number))
    case 6:
      guard let a = bytes.bigEndian(at: 24), let b = bytes.bigEndian(at: 28), let c = bytes.bigEndian(at: 32),
        let d = bytes.bigEndian(at: 36)
      else { return nil }
      return site(of: IPAddress(v6High: UInt64(a) << 32 | UInt64(b), low: UInt64(c) << 32 | UInt64(d)))
    default: return nil
    }
  }
}

extension RawSpan {
  fileprivate func byte(_ offset: Int) -> UInt8? {
    // In bounds by the condition; any byte is a number.
    offset < byteCount ? unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self) : nil
  }

  fileprivate func bigEndian(at offset: Int) -> UInt32? {
    // In bounds by the condition; any four bytes are a number.
    offset + 4 <= byteCount
      ? unsafe UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)) : nil
  }
}
