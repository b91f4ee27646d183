/// Bytes that are no text at all: told as what they are, before a parser stumbles over the first of them.
enum BinaryContent {
  /// What a file that begins with these bytes is, and what to do with it; nil where it may be text.
  static func refusal(of beginning: ArraySlice<UInt8>) -> (message: String, hint: String?)? {
    for (magic, format) in captures where beginning.starts(with: magic) {
      return ("this is a \(format) capture", "use transhumance analyze")
    }
    for (magic, format) in compressed where beginning.starts(with: magic) {
      let hint = format == "gzip" ? "if it is a capture, use transhumance analyze; else decompress it" : "decompress it"
      return ("this is compressed (\(format))", hint)
    }
    // A text with a stray control character is told where that is.
    let head = beginning.prefix(4096)
    let controls = head.count { $0 < 0x20 && !($0 == 0x09 || $0 == 0x0a || $0 == 0x0d) || $0 == 0x7f }
    return controls * 20 > head.count ? ("this is a binary file, no text", nil) : nil
  }

  /// The first bytes of captures, in both byte orders: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
  private static let captures: [([UInt8], String)] = [
    ([0xa1, 0xb2, 0xc3, 0xd4], "pcap"), ([0xd4, 0xc3, 0xb2, 0xa1], "pcap"), ([0xa1, 0xb2, 0x3c, 0x4d], "pcap"),
    ([0x4d, 0x3c, 0xb2, 0xa1], "pcap"), ([0x0a, 0x0d, 0x0d, 0x0a], "pcapng"),
  ]

  /// RFC 1952, RFC 8878, and the formats' own descriptions.
  private static let compressed: [([UInt8], String)] = [
    ([0x1f, 0x8b], "gzip"), ([0x28, 0xb5, 0x2f, 0xfd], "zstd"), ([0xfd, 0x37, 0x7a, 0x58, 0x5a], "xz"),
    ([0x42, 0x5a, 0x68], "bzip2"), ([0x50, 0x4b, 0x03, 0x04], "zip"),
  ]
}
