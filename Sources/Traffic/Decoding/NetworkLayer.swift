/// Where in a frame the IP header begins, by what stands before it.
struct NetworkLayer {
  enum Version { case v4, v6, either }

  var version: Version
  var offset: Int
  /// Sent to a multicast or broadcast address of the link layer.
  var isGroup: Bool

  @inline(__always)
  init(version: Version, offset: Int, isGroup: Bool = false) {
    self.version = version
    self.offset = offset
    self.isGroup = isGroup
  }

  /// The header there; nil where it is malformed.
  @inline(__always)
  func header(in frame: Span<UInt8>, wireBytes: Int) -> IPHeader? {
    switch version {
    case .v4: IPHeader(v4: frame, at: offset, wireBytes: wireBytes)
    case .v6: IPHeader(v6: frame, at: offset, wireBytes: wireBytes)
    case .either:
      offset < frame.count && frame[offset] >> 4 == 6
        ? IPHeader(v6: frame, at: offset, wireBytes: wireBytes) : IPHeader(v4: frame, at: offset, wireBytes: wireBytes)
    }
  }

  /// IEEE 802.3 clause 3: destination, source, EtherType.
  @inline(__always)
  init?(ethernet frame: Span<UInt8>, at offset: Int) {
    guard frame.count - offset >= 14 else { return nil }
    let header = frame.extracting(offset...)
    self.init(etherType: header.bigEndian16(at: 12), of: frame, at: offset + 14, isGroup: header[0] & 1 != 0)
  }

  /// What follows an EtherType, through any number of tags of IEEE 802.1Q (0x8100, 0x88a8) and their forerunner 0x9100.
  @inline(__always)
  init?(etherType: UInt16, of frame: Span<UInt8>, at start: Int, isGroup: Bool) {
    var etherType = etherType
    var offset = start
    while etherType == 0x8100 || etherType == 0x88a8 || etherType == 0x9100 {
      guard frame.count - offset >= 4 else { return nil }
      etherType = frame.bigEndian16(at: offset + 2)
      offset += 4
    }
    switch etherType {
    case 0x0800: self.init(version: .v4, offset: offset, isGroup: isGroup)
    case 0x86dd: self.init(version: .v6, offset: offset, isGroup: isGroup)
    default: return nil
    }
  }

  /// Link types other than Ethernet. Nil: no IP, or not looked through.
  @inline(never)
  init?(_ frame: Span<UInt8>, _ linkType: LinkType) {
    switch linkType {
    case .raw, .rawBSD, .rawOpenBSD: self.init(version: .either, offset: 0)
    case .ipv4: self.init(version: .v4, offset: 0)
    case .ipv6: self.init(version: .v6, offset: 0)
    // https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html; packet types 1 and 2 are broadcast and multicast.
    case .linuxCooked:
      guard frame.count >= 16 else { return nil }
      let packetType = frame.bigEndian16(at: 0)
      self.init(
        etherType: frame.bigEndian16(at: 14), of: frame, at: 16, isGroup: packetType == 1 || packetType == 2)
    // https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html
    case .linuxCooked2:
      guard frame.count >= 20 else { return nil }
      let packetType = frame[10]
      self.init(etherType: frame.bigEndian16(at: 0), of: frame, at: 20, isGroup: packetType == 1 || packetType == 2)
    case .null, .loop:
      guard frame.count >= 4 else { return nil }
      self.init(addressFamily: frame.bigEndian32(at: 0))
    default: return nil
    }
  }

  /// https://www.tcpdump.org/linktypes/LINKTYPE_NULL.html: in either byte order; no family has a number above 65535.
  private init?(addressFamily: UInt32) {
    switch addressFamily > 0xffff ? addressFamily.byteSwapped : addressFamily {
    case 2: self.init(version: .v4, offset: 4)
    // Linux, Windows, NetBSD and OpenBSD, FreeBSD, Darwin.
    case 10, 23, 24, 28, 30: self.init(version: .v6, offset: 4)
    default: return nil
    }
  }
}
