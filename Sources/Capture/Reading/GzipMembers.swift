/// A gzip file (RFC 1952) while it is decompressed: its members, one after another.
struct GzipMembers {
  /// The file ended in the middle of a member.
  private(set) var isCut = false
  /// Where something else than a member or padding with zeros follows the last member; the rest is not read.
  private(set) var trailer: UInt64?

  private let inflater = Inflater()
  private var compressed: [UInt8]
  private var range: Range<Int>
  private var isBetweenMembers = false
  private var isAtEnd = false
  /// The last room was filled to its end: zlib may hold back more that it has decompressed.
  private var mayHoldBack = false
  private var readBytes: UInt64 = 0
  private var writtenBytes: UInt64 = 0

  /// - Parameters:
  ///   - compressed: a buffer to use, with the first `count` bytes of the file in it.
  init(compressed: [UInt8], count: Int) {
    self.compressed = compressed
    range = 0..<count
  }

  /// Decompresses into `bytes[room]`.
  ///
  /// - Returns: how many bytes; 0 at the end.
  mutating func read(
    from file: InputFile, into bytes: inout [UInt8], _ room: Range<Int>
  ) throws(CaptureError) -> Int {
    while !isAtEnd {
      if range.isEmpty, !mayHoldBack {
        range = 0..<(try file.read(into: &compressed, 0..<compressed.count))
        if range.isEmpty {
          isAtEnd = true
          isCut = !isBetweenMembers
          break
        }
      }
      if isBetweenMembers {
        mayHoldBack = false
        if range.isEmpty { continue }
        if compressed[range.lowerBound] == 0 {
          range = range.dropFirst()
          continue
        }
        if compressed[range.lowerBound] != 0x1f {
          trailer = file.bytesRead - UInt64(range.count)
          isAtEnd = true
          break
        }
        inflater.reset()
        isBetweenMembers = false
      }
      let (read, written, outcome) = inflater.inflate(&compressed, range, into: &bytes, room)
      mayHoldBack = written == room.count
      range = range.dropFirst(read)
      readBytes += UInt64(read)
      writtenBytes += UInt64(written)
      try check(outcome, file)
      if written > 0 { return written }
    }
    return 0
  }

  private mutating func check(_ outcome: Inflater.Outcome, _ file: InputFile) throws(CaptureError) {
    switch outcome {
    case .more: break
    case .memberEnd: isBetweenMembers = true
    case .failed(let reason):
      throw CaptureError(
        .corrupt, file: file.name, offset: file.bytesRead - UInt64(range.count),
        "compressed data are damaged: \(reason)")
    }
    // Deflate shrinks one repeated byte 1030 times; packets of one repeated byte, 256 KiB long as no buffer of
    // segmentation offload is longer, 910 times.
    if writtenBytes > Self.harmless, writtenBytes / 1000 > readBytes {
      throw CaptureError(
        .decompressionBomb, file: file.name, offset: file.bytesRead - UInt64(range.count),
        "expands more than 1000 times, which no traffic does: \(readBytes) bytes became \(writtenBytes)")
    }
  }

  private static let harmless: UInt64 = 64 << 20
}
