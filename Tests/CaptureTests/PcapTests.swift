import Capture
import Model
import Testing
import Traffic

@Suite struct PcapTests {
  /// pcap-savefile(5), field by field: raw IP (101), a frame that the snap length cut.
  @Test func goldenBytes() throws {
    var file = Bytes()
    file.hexadecimal("d4c3b2a1 0200 0400")  // magic as little-endian, version 2.4
    file.hexadecimal("00000000 00000000")  // reserved
    file.hexadecimal("14000000 65000000")  // snap length 20, link type 101
    file.hexadecimal("29b8056b 40e20100")  // 1,795,536,937 s and 123,456 µs
    file.hexadecimal("14000000 dc050000")  // 20 bytes captured of 1500
    file.hexadecimal("450005dc 00000000 40110000 0a000001 0a000002")
    let counts = try file.analyze().counts
    #expect(counts.facts.start == Timestamp(nanoseconds: 1_795_536_937_123_456_000))
    #expect(counts.rows.count == 1)
    #expect(counts.rows.first?.counts.frameBytes == 1500)
    #expect(counts.rows.first?.counts.ipBytes == 1500)
  }

  /// Both byte orders, both resolutions, and eight more bytes per record where the header is modified.
  @Test(arguments: [0xa1b2_c3d4, 0xa1b2_3c4d, 0xa1b2_cd34] as [UInt32], [false, true])
  func variants(magic: UInt32, isBig: Bool) throws {
    var file = Bytes.pcap(magic: magic, isBig: isBig, link: 101)
    for field in [7, 999, 20, 20] as [UInt32] { file.number(field, isBig: isBig) }
    if magic == 0xa1b2_cd34 { file.hexadecimal("00000003 0800 00 00") }
    file.bytes += Bytes.packet(1, 2)
    let facts = try file.analyze().counts.facts
    #expect(facts.ipPackets == 1)
    let fraction: Int64 = magic == 0xa1b2_3c4d ? 999 : 999_000
    #expect(facts.start == Timestamp(nanoseconds: 7_000_000_000 + fraction))
  }

  /// Only the low 16 bits are the link type; bit 26 and the upper four are about the FCS, in units of two bytes.
  @Test(
    arguments: [(0x0000_0065, 20), (0x2400_0065, 16), (0x1400_0065, 18), (0x2000_0065, 20), (0x03ff_0065, 20)]
      as [(UInt32, UInt64)])
  func linkTypeField(link: UInt32, frameBytes: UInt64) throws {
    var file = Bytes.pcap(link: link)
    file.record(1, 0, Bytes.packet(1, 2))
    #expect(try file.analyze().counts.rows.first?.counts.frameBytes == frameBytes)
  }

  /// Cut anywhere: what is whole before the cut counts, and the message says where the file ends.
  @Test func cutAnywhere() throws {
    var file = Bytes.pcap(link: 101)
    for second in 0..<3 { file.record(UInt32(second), 0, Bytes.packet(1, 2)) }
    for count in 4...file.bytes.count {
      let cut = Bytes(bytes: Array(file.bytes.prefix(count)))
      for window in [16, 64, 1 << 16] {
        let analysis = try cut.analyze(window: window)
        let isWhole = count >= 24 && (count - 24).isMultiple(of: 36)
        #expect(analysis.counts.facts.packets == UInt64(max(0, count - 24) / 36))
        #expect(analysis.isComplete == isWhole)
        #expect(analysis.warnings.count == (isWhole ? 0 : 1))
        #expect(analysis.warnings.first?.contains("byte \(count): ") ?? true)
      }
    }
  }

  @Test func badInput() {
    var version = Bytes.pcap()
    version.bytes[4] = 3
    var long = Bytes.pcap(link: 101)
    long.record(0, 0, Bytes.packet(1, 2))
    for field in [0, 0, 0xffff_ffff, 60] as [UInt32] { long.number(field) }
    let cases: [(Bytes, CaptureError.Code, UInt64?)] = [
      (Bytes(), .empty, nil), (Bytes(bytes: [0xd4]), .notACapture, 0),
      (Bytes(bytes: [0xd4, 0xc3, 0xb2]), .notACapture, 0),
      (Bytes(bytes: Array("source,destination,packets\n".utf8)), .notACapture, 0),
      (Bytes(bytes: [UInt8](repeating: 0, count: 4096)), .notACapture, 0), (version, .corrupt, 4), (long, .tooLong, 60),
    ]
    for (file, code, offset) in cases {
      for window in [16, 1 << 16] {
        let failure = file.failure(window: window)
        #expect(failure?.code == code)
        #expect(failure?.offset == offset)
        #expect(failure?.file == "capture")
      }
    }
  }

  /// Longer than the snap length, and than any window: read all the same, up to a limit.
  @Test func longRecords() throws {
    var file = Bytes.pcap(link: 101, snap: 64)
    file.record(0, 0, Bytes.packet(1, 2) + [UInt8](repeating: 0, count: 200_000))
    file.record(1, 0, Bytes.packet(2, 1))
    #expect(try file.analyze(window: 16).counts.facts.ipPackets == 2)
    var longer = Bytes.pcap(link: 101, snap: 64)
    longer.record(0, 0, Bytes.packet(1, 2) + [UInt8](repeating: 0, count: 262_144))
    #expect(longer.failure()?.code == .tooLong)
  }
}
