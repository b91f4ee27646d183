/// What a file holds that is neither a capture nor text, told by its first bytes.
enum ForeignContent: Hashable {
  /// Compressed by a program of that name.
  case compressed(String)
  case utf16
  case binary

  /// Nil where the bytes may be text.
  init?(of beginning: some Collection<UInt8>) {
    let magicNumbers: [(bytes: [UInt8], content: ForeignContent)] = [
      ([0x1f, 0x8b], .compressed("gzip")), ([0x28, 0xb5, 0x2f, 0xfd], .compressed("zstd")),
      ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], .compressed("xz")), ([0x42, 0x5a, 0x68], .compressed("bzip2")),
      ([0x04, 0x22, 0x4d, 0x18], .compressed("lz4")), ([0xff, 0xfe], .utf16), ([0xfe, 0xff], .utf16),
    ]
    if let found = magicNumbers.first(where: { beginning.starts(with: $0.bytes) }) {
      self = found.content
    } else if beginning.contains(0) {
      self = .binary
    } else {
      return nil
    }
  }

  /// What it is, and what to do.
  var hint: String {
    switch self {
    case .compressed("gzip"): "is compressed twice by gzip: decompress it once (gunzip)"
    case .compressed(let program):
      "is compressed by \(program), and only gzip is read: \(program) -dc FILE | transhumance …, with - for the file"
    case .utf16: "is text in UTF-16: write it in UTF-8"
    case .binary:
      "is no capture (pcap or pcapng, plain or gzip) and no traffic matrix (CSV): its first bytes are those of neither"
    }
  }
}
