import Capture
import Model
import Testing
import Traffic

/// However packets are dealt to files, and periods to reports, the sums are the same.
@Suite struct MergeTests {
  /// The records of an example, in order, without the file's header.
  private static func records() throws -> (header: [UInt8], records: [ArraySlice<UInt8>]) {
    let bytes = try Fixtures.bytes(of: ByteSource(path: Fixtures.path("Examples/mg.A.8.pcap.gz")))
    var records: [ArraySlice<UInt8>] = []
    var position = 24
    while position < bytes.count, records.count < 20_000 {
      let captured = (0..<4).reduce(0) { $0 | Int(bytes[position + 8 + $1]) << (8 * $1) }
      records.append(bytes[position..<position + 16 + captured])
      position += 16 + captured
    }
    return (Array(bytes[..<24]), records)
  }

  private func analyze(
    _ header: [UInt8], _ files: [[ArraySlice<UInt8>]], period: Int64 = 30_000_000_000
  ) throws -> TrafficCounts {
    let captures = try files.enumerated().map { number, records in
      try CaptureFile(ByteSource(bytes: header + records.joined(), name: "\(number)", window: 4096))
    }
    return try TraceAnalysis(reading: captures, options: .init(period: period)).counts
  }

  @Test(arguments: [2, 3, 17])
  func splitFiles(count: Int) throws {
    let (header, records) = try Self.records()
    let whole = try analyze(header, [records])
    let piece = records.count / count + 1
    let consecutive = stride(from: 0, to: records.count, by: piece)
      .map { Array(records[$0..<min($0 + piece, records.count)]) }
    let dealt = (0..<count).map { number in
      stride(from: number, to: records.count, by: count).map { records[$0] }
    }
    for files in [consecutive, Array(consecutive.reversed()), dealt] {
      let merged = try analyze(header, files)
      #expect(merged.rows == whole.rows)
      #expect(merged.facts == whole.facts)
    }
  }

  /// Cuts between periods change nothing: what is counted in them adds up to what is counted at once.
  @Test(arguments: [1_000_000, 7_000_000, 100_000_000] as [Int64])
  func periodsAddUp(length: Int64) throws {
    let (header, records) = try Self.records()
    let whole = try analyze(header, [records])
    let cut = try analyze(header, [records], period: length)
    #expect(cut.periods.count > 1)
    #expect(cut.rows == whole.rows)
    var sums: [[IPAddress]: PairCounts] = [:]
    for row in cut.periods.flatMap(\.rows) { sums[[row.source, row.destination], default: PairCounts()] += row.counts }
    #expect(sums == Dictionary(uniqueKeysWithValues: whole.rows.map { ([$0.source, $0.destination], $0.counts) }))
    for (earlier, later) in zip(cut.periods, cut.periods.dropFirst()) {
      #expect(earlier.period.start.nanoseconds + length <= later.period.start.nanoseconds)
    }
  }

  /// Packets and bytes belong to the period of their own time stamp, in whatever order they come.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func anyOrder(seed: UInt64) throws {
    let (header, records) = try Self.records()
    var random = SeededGenerator(state: seed)
    let sorted = try analyze(header, [records], period: 10_000_000)
    let shuffled = try analyze(header, [records.shuffled(using: &random)], period: 10_000_000)
    #expect(sorted.facts == shuffled.facts)
    let counted = { (periods: [TrafficCounts.PeriodRows]) in
      periods.map { period in
        [CountedRow(["\(period.period.start)"])] + period.rows.filter { $0.counts.packets > 0 }.map(CountedRow.init)
      }
    }
    #expect(counted(sorted.periods) == counted(shuffled.periods))
  }

  /// By hand: 60 s, 29.999999 s, 30 s and 0 s after 1970, in that order, in periods of 30 s.
  @Test func periodsByHand() throws {
    let counts = try Fixtures.analyze("periods.pcap").counts
    #expect(counts.periods.map(\.period.start.nanoseconds) == [0, 30_000_000_000, 60_000_000_000])
    #expect(counts.periods.map { $0.rows.map(\.counts.packets).reduce(0, +) } == [2, 1, 1])
    #expect(counts.facts.start == Timestamp(nanoseconds: 0))
    #expect(counts.facts.end == Timestamp(nanoseconds: 60_000_000_000))
  }

  /// A period with nothing but other packets is one too.
  @Test func periodWithoutIP() throws {
    var file = Bytes.pcap(link: 101)
    file.record(10, 0, Bytes.packet(1, 2))
    file.record(100, 0, [0])
    let periods = try file.analyze().counts.periods
    #expect(periods.map(\.period.start.nanoseconds) == [0, 90_000_000_000])
    #expect(periods.map(\.rows.count) == [1, 0])
  }

  /// A file without packets, and one that is cut, beside good ones.
  @Test func unevenFiles() throws {
    var good = Bytes.pcap(link: 101)
    for second in 0..<5 { good.record(UInt32(second), 0, Bytes.packet(1, 2)) }
    var cut = good
    cut.bytes.removeLast(3)
    let captures = try [good, .pcap(), cut, good].enumerated().map { number, file in
      try CaptureFile(ByteSource(bytes: file.bytes, name: "file \(number)"))
    }
    let analysis = try TraceAnalysis(reading: captures)
    #expect(analysis.counts.facts.packets == 14)
    #expect(!analysis.isComplete)
    #expect(analysis.warnings.count == 1)
    #expect(analysis.warnings.first?.hasPrefix("file 2: byte \(cut.bytes.count): ") == true)
    #expect(analysis.files == ["file 0", "file 1", "file 2", "file 3"])
  }
}

/// Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
