extension IPAddress: CustomStringConvertible {
  /// Dotted quad, or the canonical text of RFC 5952 (lower case, no leading zeros, the longest and first run of two or
  /// more zero groups as `::`, an IPv4-mapped address with a dotted quad).
  public var description: String {
    switch family {
    case .v4: Self.dotted(UInt32(truncatingIfNeeded: low))
    case .v6 where high == 0 && low >> 32 == 0xffff: "::ffff:" + Self.dotted(UInt32(truncatingIfNeeded: low))
    case .v6: Self.canonical(groups)
    }
  }

  private static func dotted(_ number: UInt32) -> String {
    "\(number >> 24).\(number >> 16 & 0xff).\(number >> 8 & 0xff).\(number & 0xff)"
  }

  private var groups: [UInt16] {
    (0..<8).map { UInt16(truncatingIfNeeded: ($0 < 4 ? high : low) >> UInt64(48 - 16 * ($0 % 4))) }
  }

  private static func canonical(_ groups: [UInt16]) -> String {
    var longest = 0..<0
    var start = 0
    while start < groups.count {
      let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
      if end - start > max(1, longest.count) { longest = start..<end }
      start = max(end, start + 1)
    }
    let text = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
    if longest.isEmpty { return text(groups[...]) }
    return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
  }

  /// Reads a dotted quad of four decimal numbers without leading zeros, or any text form of RFC 4291 §2.2. No zone, no
  /// prefix length.
  public init?(_ text: some StringProtocol) {
    if text.contains(":") {
      guard let parsed = Self.parseV6(Substring(text)) else { return nil }
      self.init(v6High: parsed.0, low: parsed.1)
    } else {
      guard let number = Self.parseV4(Substring(text)) else { return nil }
      self.init(v4: number)
    }
  }

  private static func parseV4(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var number: UInt32 = 0
    for part in parts {
      guard part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), part.count == 1 || part.first != "0",
        let octet = UInt8(part)
      else { return nil }
      number = number << 8 | UInt32(octet)
    }
    return number
  }

  private static func parseV6(_ text: Substring) -> (UInt64, UInt64)? {
    let halves = text.splitAtDoubleColon()
    guard let head = parseGroups(halves.head, last: halves.tail == nil) else { return nil }
    var groups = head
    if let rest = halves.tail {
      guard let tail = parseGroups(rest, last: true), head.count + tail.count < 8 else { return nil }
      groups += Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    }
    guard groups.count == 8 else { return nil }
    let joined = { (part: ArraySlice<UInt16>) in part.reduce(UInt64(0)) { $0 << 16 | UInt64($1) } }
    return (joined(groups[..<4]), joined(groups[4...]))
  }

  private static func parseGroups(_ text: Substring, last: Bool) -> [UInt16]? {
    if text.isEmpty { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if last, index == parts.count - 1, part.contains(".") {
        guard let number = parseV4(part) else { return nil }
        groups += [UInt16(number >> 16), UInt16(number & 0xffff)]
      } else {
        guard (1...4).contains(part.utf8.count), part.first != "+", part.first != "-",
          let group = UInt16(part, radix: 16)
        else { return nil }
        groups.append(group)
      }
    }
    return groups.count <= 8 ? groups : nil
  }
}

extension Substring {
  fileprivate func splitAtDoubleColon() -> (head: Substring, tail: Substring?) {
    var index = startIndex
    while let colon = self[index...].firstIndex(of: ":") {
      let next = self.index(after: colon)
      if next < endIndex, self[next] == ":" { return (self[..<colon], self[self.index(after: next)...]) }
      index = next
    }
    return (self, nil)
  }
}
