import GRPCCore
import SwiftProtobuf
import Testing
import Traffic
import Wire

/// Messages of hosts, judged before they are decoded.
struct BoundedMessageTests {
  @Test func whatIsWithinBoundsIsReadAsItIs() throws {
    var generator = SeededGenerator(11)
    for _ in 0..<200 {
      let report = SensorReport.random(using: &generator)
      try expectSame(.with { $0.report = report.message })
    }
    try expectSame(FromHost())
    try expectSame(.with { $0.hello.host = "a1" })
    try expectSame(
      .with {
        $0.state.name = "a1"
        $0.state.vms = [.with { $0.name = "vm1" }]
      })
    try expectSame(.with { $0.answer.identifier = "x" })
  }

  private func expectSame(_ message: FromHost) throws {
    #expect(try FromHost(bounded: message.serializedBytes()) == message)
  }

  /// Of millions of VMs in as many pairs of bytes none is made.
  @Test(arguments: [
    (UInt64(8), 2_000_000, "10001 VMs"), (9, 2_000_000, "too many endpoints"),
  ])
  func listsBeyondBoundsAreRefusedByName(_ field: UInt64, _ count: Int, _ words: String) throws {
    let message = try FromHost(bounded: self.message([head + empties(field, count)]))
    #expect(message.report.host == "a1" && message.report.sequence == 7)
    #expect(max(message.report.vms.count, message.report.endpoints.count) <= WireLimits.mostEndpoints + 1)
    let error = #expect(throws: WireError.self) { try SensorReport(message.report) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  /// A million pairs, in one piece, in two, and a field each.
  @Test(arguments: [1, 2, 1_000_000]) func rowsBeyondBoundsAreRefusedByName(pieces: Int) throws {
    let each = 1_000_000 / pieces
    let rows = (0..<pieces).flatMap { _ in delimited(3, Array(repeating: 1, count: each)) }
    let message = try FromHost(bounded: self.message([head + delimited(10, rows)]))
    let error = #expect(throws: WireError.self) { try SensorReport(message.report) }
    #expect(error?.description == "a report of 250001 pairs, more than 250000")
    #expect(message.report.sequence == 7)
  }

  /// Columns that don't exist are passed over, whatever their numbers, and take no memory.
  @Test func whatNobodyKnowsIsPassedOver() throws {
    let rows = (13..<200_000 as Range<UInt64>).flatMap { delimited($0, [1]) } + delimited(1, [1, 1, 1])
    let message = try FromHost(bounded: self.message([head + delimited(10, rows)]))
    #expect(message.report.received.source == [1, 1, 1])
    // Nor are they counted with the others.
    let many = (0..<300_000).flatMap { _ in delimited(13, [1]) }
    #expect(try FromHost(bounded: self.message([head + delimited(10, many)])).report.received.source.isEmpty)
  }

  /// Parts of one message come together.
  @Test func aReportInPartsIsOneReport() throws {
    let elements = empties(8, 6000)
    let message = try FromHost(bounded: self.message([head + elements, elements]))
    #expect(throws: WireError.self) { try SensorReport(message.report) }
    #expect(message.report.vms.count == 10_001)
  }

  @Test(arguments: [(UInt64(1), 65_537), (3, 8_388_609), (4, 1_048_577)])
  func othersAreBoundedInBytes(_ field: UInt64, _ count: Int) {
    #expect(throws: WireError.self) {
      try FromHost(bounded: delimited(field, Array(repeating: 0, count: count)))
    }
  }

  /// Cut short, a group, a tag that doesn't end.
  @Test(
    arguments: [[0x12, 5, 1], [0x0b, 0x0c], Array(repeating: 0xff, count: 11), [0x12, 2, 0x43, 0x44]] as [[UInt8]])
  func whatCannotBeReadIsSaidSo(_ bytes: [UInt8]) {
    let error = #expect(throws: RPCError.self) { try HostMessageDeserializer().deserialize(bytes) }
    #expect(error?.code == .invalidArgument)
  }

  // MARK: - Bytes

  /// Host a1, sequence 7, a period of 1 s.
  private let head: [UInt8] = [0x0a, 2, 0x61, 0x31, 0x18, 7, 0x28, 0x80, 0x94, 0xeb, 0xdc, 0x03]

  private func message(_ reports: [[UInt8]]) -> [UInt8] { reports.flatMap { delimited(2, $0) } }

  /// So many elements of a list, each without content.
  private func empties(_ field: UInt64, _ count: Int) -> [UInt8] {
    (0..<2 * count).map { $0.isMultiple(of: 2) ? UInt8(field << 3 | 2) : 0 }
  }

  private func delimited(_ field: UInt64, _ content: [UInt8]) -> [UInt8] {
    varint(field << 3 | 2) + varint(UInt64(content.count)) + content
  }

  private func varint(_ number: UInt64) -> [UInt8] {
    number < 0x80 ? [UInt8(number)] : [UInt8(number & 0x7f) | 0x80] + varint(number >> 7)
  }
}
