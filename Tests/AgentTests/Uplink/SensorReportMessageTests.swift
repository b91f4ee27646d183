import Foundation
import Model
import SwiftProtobuf
import Testing
import Traffic
import Wire

struct SensorReportMessageTests {
  private var example: SensorReport {
    var accounting = Accounting()
    (accounting.counted, accounting.notIP, accounting.malformed) = (10, 5, 3)
    (accounting.foreign, accounting.dropped) = (2, 1)
    return SensorReport(
      host: "a1", incarnation: 0x1234_5678_9abc_def0, sequence: 7,
      period: Period(start: Timestamp(nanoseconds: 1_764_081_000_000_000_000), length: 30_000_000_000),
      accounting: accounting,
      vms: [
        SensedVM(name: "vm1", tapDropped: 4, spoofed: 5, cpuSeconds: 1.5, vcpus: 2, memory: 96 << 20),
        SensedVM(name: "vm2", unknown: "macvtap"),
      ],
      received: [
        .init(
          source: .address(IPAddress(v4: 0x0a00_0009)), destination: .name("vm1"),
          counts: PairCounts(
            packets: 10, frameBytes: 1000, ipBytes: 860, rounds: 3, windows: 2, lag: -1, turns: 4, matched: 5, runs: 6,
            shares: 7))
      ],
      clockErrorSeconds: 0.25, lostReports: 9)
  }

  /// By `protoc --encode` from the text format.
  private let golden =
    "0a02613111f0debc9a78563412180721001004b052467b182880d88ee16f3a0c0815100a180520032802300142190a03"
    + "766d311004180521000000000000f83f28023080808030420e0a03766d323a076d6163767461704a0831302e302e302e"
    + "394a03766d3152260a01001201011a010a2202e8072a02dc063201033a01024201014a01045201055a01066201075a00"
    + "61000000000000d03f6809"

  @Test func goldenBytes() throws {
    let bytes: [UInt8] = try example.message.serializedBytes()
    #expect(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == golden)
    let message = try Transhumance_V1_SensorReport(serializedBytes: bytes)
    #expect(try SensorReport(message) == example)
  }

  @Test func roundTrips() throws {
    var generator = SeededGenerator(5)
    for _ in 0..<500 {
      let report = SensorReport.random(using: &generator)
      let bytes: [UInt8] = try report.message.serializedBytes()
      #expect(try SensorReport(Transhumance_V1_SensorReport(serializedBytes: bytes)) == report)
    }
  }

  /// Of a sensor that knows nothing of waits.
  @Test func columnsOfWaitsMayBeMissing() throws {
    var message = example.message
    (message.received.rounds, message.received.windows, message.received.lag) = ([], [], [])
    (message.received.turns, message.received.matched) = ([], [])
    (message.received.runs, message.received.shares) = ([], [])
    let counts = try #require(try SensorReport(message).received.first).counts
    #expect(counts == PairCounts(packets: 10, frameBytes: 1000, ipBytes: 860))
  }

  @Test(arguments: Lie.all) func liesAreRefused(_ lie: Lie) {
    var message = example.message
    lie.tell(&message)
    #expect(throws: WireError.self) { try SensorReport(message) }
  }
}

/// What the fuzzer of reports has learnt (Fuzzing/), replayed without its tools.
struct ReportCorpusTests {
  @Test func whatIsTakenIsTheSameAgainAndMergesInAnyOrder() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let folder = root.appending(path: "Fuzzing/Corpus/Report")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    #expect(!files.isEmpty)
    for file in files {
      guard let report = try? ReportCodec.decode(Array(try Data(contentsOf: file))), report == report else { continue }
      #expect(try ReportCodec.decode(ReportCodec.encode(report)) == report)
      var other = report
      (other.host, other.received, other.sent) = (report.host + "'", report.sent, report.received)
      #expect(merged([report, other]) == merged([other, report, other]))
    }
  }

  private func merged(_ reports: [SensorReport]) -> GlobalPeriod {
    var period = PeriodReports(period: reports[0].period)
    for report in reports { period.take(report) }
    return period.merged(expectedHosts: ["a1"])
  }
}

/// A report that contradicts itself.
struct Lie: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var tell: @Sendable (inout Transhumance_V1_SensorReport) -> Void

  init(_ description: String, _ tell: @escaping @Sendable (inout Transhumance_V1_SensorReport) -> Void) {
    (testDescription, self.tell) = (description, tell)
  }

  static let all = [
    Lie("no number of seconds") { $0.vms[0].cpuSeconds = .nan },
    Lie("seconds without end") { $0.vms[0].cpuSeconds = .infinity },
    Lie("fewer seconds than none") { $0.vms[0].cpuSeconds = -1 },
    Lie("a column longer") { $0.received.packets.append(1) },
    Lie("no column of bytes") { $0.received.ipBytes = [] },
    Lie("a column of waits longer") { $0.received.shares.append(1) },
    Lie("no such endpoint") { $0.received.destination[0] = 2 },
    Lie("the greatest endpoint") { $0.received.source[0] = .max },
    Lie("no host") { $0.host = "" },
    Lie("a host of 256 octets") { $0.host = String(repeating: "a", count: 256) },
    Lie("no sequence") { $0.sequence = 0 },
    Lie("a period without length") { $0.periodNanoseconds = 0 },
    Lie("a negative period") { $0.periodNanoseconds = -1 },
    Lie("a period that begins within another") { $0.periodStart += 1 },
    Lie("the first period of all") { $0.periodStart = .min },
    Lie("a period that ends after all time") { ($0.periodStart, $0.periodNanoseconds) = (1 << 62, 1 << 62) },
    Lie("frames that don't add up") { $0.accounting.seen += 1 },
    Lie("a million endpoints and one") { $0.endpoints = Array(repeating: "10.0.0.1", count: 1_000_001) },
    Lie("a VM with a name of 256 octets") { $0.vms[0].name = String(repeating: "v", count: 256) },
    Lie("a VM without a name") { $0.vms[0].name = "" },
    Lie("a VM twice") { $0.vms[1].name = $0.vms[0].name },
    Lie("10,001 VMs") { $0.vms = Array(repeating: $0.vms[0], count: 10_001) },
    Lie("an endless explanation") { $0.incomplete = String(repeating: "x", count: 4097) },
  ]
}
