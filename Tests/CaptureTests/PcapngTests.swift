import Capture
import Model
import Testing
import Traffic

@Suite struct PcapngTests {
  /// A block of draft-ietf-opsawg-pcapng: type, length, body, length again.
  private func block(_ kind: UInt32, _ body: (inout Bytes) -> Void, isBig: Bool = false) -> [UInt8] {
    var content = Bytes()
    body(&content)
    var block = Bytes()
    block.number(kind, isBig: isBig)
    block.number(UInt32(12 + content.bytes.count), isBig: isBig)
    block.bytes += content.bytes
    block.number(UInt32(12 + content.bytes.count), isBig: isBig)
    return block.bytes
  }

  private func section(isBig: Bool = false) -> [UInt8] {
    block(
      0x0a0d_0d0a,
      {
        $0.number(UInt32(0x1a2b_3c4d), isBig: isBig)  // byte-order magic
        $0.number(UInt16(1), isBig: isBig)  // version 1.0
        $0.number(UInt16(0), isBig: isBig)
        $0.number(Int64(-1), isBig: isBig)  // length of the section: not said
      }, isBig: isBig)
  }

  private func interface(_ options: String = "", snap: UInt32 = 0) -> [UInt8] {
    block(1) {
      $0.hexadecimal("6500 0000")  // link type 101, reserved
      $0.number(snap)
      $0.hexadecimal(options)
    }
  }

  private func packet(_ ticks: UInt64, interface: UInt32 = 0, _ options: String = "") -> [UInt8] {
    block(6) {
      $0.number(interface)
      $0.number(UInt32(truncatingIfNeeded: ticks >> 32))
      $0.number(UInt32(truncatingIfNeeded: ticks))
      $0.number(UInt32(20))  // captured
      $0.number(UInt32(1500))  // original
      $0.bytes += Bytes.packet(1, 2)
      $0.hexadecimal(options)
    }
  }

  /// Cut by the interface's snap length, here 20, and without a time stamp.
  private var simple: [UInt8] {
    block(3) {
      $0.number(UInt32(1500))
      $0.bytes += Bytes.packet(2, 1)
    }
  }

  private func start(_ options: String, _ ticks: UInt64) throws -> Int64? {
    try Bytes(bytes: section() + interface(options) + packet(ticks)).analyze().counts.facts.start?.nanoseconds
  }

  /// Options if_tsresol (9) and if_tsoffset (14), and what a tick is then.
  @Test(
    arguments: [
      ("", 1_000_001, 1_000_001_000),  // microseconds
      ("0900 0100 09000000 0000 0000", 1_000_001, 1_000_001), ("0900 0100 00000000", 3, 3_000_000_000),
      ("0900 0100 03000000", 1500, 1_500_000_000), ("0900 0100 0c000000", 1_234_567, 1234),  // picoseconds
      ("0900 0100 1c000000", .max, 1), ("0900 0100 1d000000", .max, 0), ("0900 0100 7f000000", .max, 0),
      ("0900 0100 80000000", 2, 2_000_000_000), ("0900 0100 8a000000", 1536, 1_500_000_000),  // 1/1024 s
      ("0900 0100 a0000000", 1 << 31, 500_000_000), ("0900 0100 ff000000", .max, 0),
      ("0e00 0800 0a00000000000000", 1, 10_000_001_000), ("0e00 0800 ffffffffffffffff", 1, -999_999_000),
      // Held at the ends of what there is.
      ("0900 0100 00000000", .max, .max), ("0e00 0800 ffffffffffffff7f", 1, .max),
      ("0e00 0800 0000000000000080", 1, .min),
    ] as [(String, UInt64, Int64)])
  func timeStamps(options: String, ticks: UInt64, nanoseconds: Int64) throws {
    #expect(try start(options, ticks) == nanoseconds)
  }

  /// The length of the FCS by the interface (if_fcslen, 13), or by the packet's flags (option 2, bits 5 to 8).
  @Test(
    arguments: [
      ("", "", 1500), ("0d00 0100 04000000", "", 1496), ("", "0200 0400 40000000 0000 0000", 1498),
      ("0d00 0100 04000000", "0100 0300 61626300 0200 0400 40000000", 1498),
      ("0d00 0100 04000000", "0200 0400 01000000 0000 0000", 1496),
    ] as [(String, String, UInt64)])
  func checkSequences(interface options: String, packet flags: String, frameBytes: UInt64) throws {
    let file = Bytes(bytes: section() + interface(options) + packet(0, flags))
    #expect(try file.analyze().counts.rows.first?.counts.frameBytes == frameBytes)
  }

  /// Without a time stamp: that of the packet before. Cut by the interface's snap length.
  @Test func simplePackets() throws {
    let analysis = try Bytes(bytes: section() + interface(snap: 20) + packet(7) + simple + simple).analyze()
    #expect(analysis.counts.facts.ipPackets == 3)
    #expect(analysis.counts.facts.end?.nanoseconds == 7000)
    #expect(analysis.warnings.count == 1)
    #expect(analysis.isComplete)
  }

  /// Before the first time stamp: in the first period, whatever the file, and outside of the window.
  @Test func simplePacketsFirst() throws {
    let untimed = section() + interface(snap: 20) + simple + simple
    let timed = packet(130_000_000) + simple + packet(100_000_000) + packet(101_000_000)
    let other = section() + interface(snap: 20) + packet(99_000_000)
    for files in [[untimed + timed + other], [untimed + timed, other], [untimed, untimed + timed, other]] {
      let captures = try files.enumerated().map { number, bytes in
        try CaptureFile(ByteSource(bytes: bytes, name: "\(number)"))
      }
      let analysis = try TraceAnalysis(reading: captures)
      let counts = analysis.counts
      let first = 2 * UInt64(max(1, files.count - 1))
      #expect(counts.facts.ipPackets == first + 5)
      #expect(counts.facts.start?.nanoseconds == 99_000_000_000)
      #expect(counts.facts.end?.nanoseconds == 130_000_000_000)
      #expect(counts.matrix.windowSeconds == 31)
      #expect(counts.periods.map(\.period.start.nanoseconds) == [90_000_000_000, 120_000_000_000])
      let packets = counts.periods.map { $0.rows.map(\.counts.packets).reduce(0, +) }
      // The first period with a time stamp in the order of reading is that of the packet at 99 s, or at 130 s.
      #expect(packets == (files.count == 1 ? [3, first + 2] : [first + 3, 2]))
      #expect(analysis.warnings.count { $0.contains("2 packets have no time stamp nor") } == max(1, files.count - 1))
      #expect(analysis.warnings.count { $0.contains("1 packets have no time stamp;") } == 1)
    }
  }

  /// Without any time stamp no time is made up.
  @Test func simplePacketsOnly() throws {
    let counts = try Bytes(bytes: section() + interface(snap: 20) + simple + simple).analyze().counts
    #expect(counts.facts.ipPackets == 2)
    #expect(counts.facts.start == nil)
    #expect(counts.facts.end == nil)
    #expect(counts.periods.isEmpty)
    #expect(counts.rows.map(\.counts.packets) == [2])
    #expect(counts.matrix.windowSeconds == nil)
  }

  /// Sections of either byte order, each with its own interfaces; blocks of other kinds, longer than the window.
  @Test(arguments: [16, 100, 1 << 16])
  func sections(window: Int) throws {
    let unknown = block(0x0bad) { $0.bytes += [UInt8](repeating: 0xee, count: 40_000) }
    let big = block(1, { $0.hexadecimal("0065 0000 00000000") }, isBig: true)
    let obsolete = block(
      2,
      { $0.hexadecimal("0000 ffff 00000000 00000009 00000014 00000014 45000014 00000000 40110000 0a000001 0a000002") },
      isBig: true)
    let file = Bytes(
      bytes: section() + interface() + unknown + packet(1) + section(isBig: true) + big + obsolete + unknown.swapped()
        + section() + interface() + interface() + packet(2, interface: 1))
    let facts = try file.analyze(window: window).counts.facts
    #expect(facts.ipPackets == 3)
    #expect(facts.end?.nanoseconds == 9000)
  }

  /// Complete only where a block ends, also one that is passed over: dumpcap's last is statistics (type 5).
  @Test(arguments: [16, 64, 1 << 16])
  func cutAnywhere(window: Int) throws {
    let statistics = block(5) { $0.bytes += [UInt8](repeating: 0, count: 100) }
    let blocks = [section(), interface(), packet(1), statistics, packet(2), statistics]
    var ends: [Int] = []
    for block in blocks { ends.append((ends.last ?? 0) + block.count) }
    let file = Array(blocks.joined())
    for count in 4...file.count {
      let analysis = try Bytes(bytes: Array(file.prefix(count))).analyze(window: window)
      #expect(analysis.counts.facts.packets == UInt64([ends[2], ends[4]].count { $0 <= count }))
      #expect(analysis.isComplete == ends.contains(count))
      let start = ends.last { $0 <= count } ?? 0
      let place = "capture: byte \(count): cut short, \(count - start) bytes into a record or header; "
      #expect(analysis.warnings.map { $0.hasPrefix(place) } == (count == start ? [] : [true]))
    }
  }

  static let patches: [(String, Int, [UInt8], CaptureError.Code, Int)] = [
    ("byte-order magic", 8, [0, 0, 0, 0], .corrupt, 8), ("length 0", 4, [0, 0, 0, 0], .corrupt, 4),
    ("length not of four", 4, [29, 0, 0, 0], .corrupt, 4), ("huge section", 4, [0xfc, 0xff, 0xff, 0xff], .tooLong, 4),
    ("second length", 24, [32, 0, 0, 0], .corrupt, 24), ("interface too short", 28 + 4, [16, 0, 0, 0], .corrupt, 32),
    ("option over the end", 28 + 18, [0x40, 0], .corrupt, 28 + 16),
    ("interface unknown", 56 + 8, [5, 0, 0, 0], .corrupt, 64),
    ("captured beyond block", 56 + 20, [21, 0, 0, 0], .corrupt, 76),
    ("packet block of 28", 56 + 4, [28, 0, 0, 0], .corrupt, 60),
    ("huge packet", 56 + 4, [0, 0, 0, 0x80], .tooLong, 60),
  ]

  /// One field changed in a good file of a section (28 bytes), an interface (28) and a packet (52).
  @Test(arguments: patches)
  func badInput(name: String, at index: Int, patch: [UInt8], code: CaptureError.Code, offset: Int) {
    var file = Bytes(bytes: section() + interface("0900 0100 06000000") + packet(1))
    file.bytes.replaceSubrange(index..<index + patch.count, with: patch)
    for window in [16, 1 << 16] {
      let failure = file.failure(window: window)
      #expect(failure?.code == code)
      #expect(failure?.offset == UInt64(offset))
    }
  }

  @Test func endlessInterfaces() {
    let file = Bytes(bytes: section() + (0...65_536).flatMap { _ in interface() })
    #expect(file.failure()?.code == .corrupt)
  }
}

extension [UInt8] {
  /// A block with its type and lengths in the other byte order.
  fileprivate func swapped() -> [UInt8] {
    self[0..<4].reversed() + self[4..<8].reversed() + self[8..<count - 4] + self[(count - 4)...].reversed()
  }
}
