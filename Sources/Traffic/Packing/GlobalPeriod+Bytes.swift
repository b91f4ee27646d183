internal import Model

extension GlobalPeriod {
  /// The first byte of a packed period, and of one that nobody has closed.
  private static let format: UInt8 = 1
  private static let unclosedFormat: UInt8 = 2

  /// As stores keep it: what is in memory, with its endpoints, and a sum by which damage is found.
  public var packed: [UInt8] {
    var writer = PackedWriter()
    writer.bytes.reserveCapacity(rows.byteCount + 16 * rows.table.count)
    writer.bytes.append(isClosed ? Self.format : Self.unclosedFormat)
    for number in [period.start.nanoseconds, period.length, partLength] { writer.write(UInt64(zigzag: number)) }
    writer.write(UInt64(parts))
    writer.write(UInt64(hosts.count))
    for host in hosts { writer.write(host) }
    writer.write(UInt64(missingHosts.count))
    for host in missingHosts { writer.write(host) }
    writer.write(UInt64(reports.count))
    for report in reports {
      writer.write(report.host)
      writer.write(report.incarnation)
      writer.write(report.sequence)
    }
    writer.write(UInt64(reasons.count))
    for (host, texts) in reasons.sorted(by: { $0.key < $1.key }) {
      writer.write(host)
      writer.write(UInt64(texts.count))
      for text in texts { writer.write(text) }
    }
    for number in [
      accounting.counted, accounting.notIP, accounting.malformed, accounting.foreign, accounting.dropped,
    ] { writer.write(number) }
    rows.write(to: &writer)
    vms.write(to: &writer)
    writer.write(words: CollectionOfOne(Self.checksum(writer.bytes[...])))
    return writer.bytes
  }

  /// - Parameters:
  ///   - packed: what `packed` has made; anything else is refused, and does no harm.
  ///   - previous: whose endpoints are shared where they are the same.
  public init(packed: [UInt8], like previous: GlobalPeriod? = nil) throws(PackingError) {
    guard packed.count > 8 else { throw PackingError("it is cut short") }
    var end = PackedReader(Array(packed.suffix(8)))
    guard try end.words(1) == [Self.checksum(packed.dropLast(8))] else {
      throw PackingError("it isn't what was written")
    }
    var reader = PackedReader(packed)
    let format = try reader.byte()
    guard format == Self.format || format == Self.unclosedFormat else {
      throw PackingError("a format (\(format)) that this version doesn't know")
    }
    let start = Int64(bitPattern: try reader.number().unzigzagged)
    let length = Int64(bitPattern: try reader.number().unzigzagged)
    let partLength = Int64(bitPattern: try reader.number().unzigzagged)
    let parts = try reader.count(atMost: 1 << 31)
    guard length > 0, partLength > 0, parts > 0, !start.addingReportingOverflow(length).overflow,
      Int64(parts) <= length / partLength
    else { throw PackingError("a time that can't be") }
    let hosts = try Self.texts(&reader)
    let missingHosts = try Self.texts(&reader)
    var reports: [ReportKey] = []
    for _ in 0..<(try reader.count(atMost: reader.rest)) {
      reports.append(
        ReportKey(host: try reader.text(), incarnation: try reader.number(), sequence: try reader.number()))
    }
    var reasons: [String: [String]] = [:]
    for _ in 0..<(try reader.count(atMost: reader.rest)) {
      let host = try reader.text()
      reasons[host] = try Self.texts(&reader)
    }
    var accounting = Accounting()
    accounting.counted = try reader.number()
    accounting.notIP = try reader.number()
    accounting.malformed = try reader.number()
    accounting.foreign = try reader.number()
    accounting.dropped = try reader.number()
    let rows = try PeriodRows(from: &reader, sharing: previous?.rows.table).sharingPairs(with: previous?.rows)
    let vms = try PeriodVMs(from: &reader, table: rows.table, hosts: hosts)
    guard reader.rest == 8 else { throw PackingError("there is more than a period") }
    self.init(
      period: Period(start: Timestamp(nanoseconds: start), length: length), reports: reports, hosts: hosts,
      missingHosts: missingHosts, reasons: reasons, accounting: accounting, vms: vms, rows: rows, parts: parts,
      partLength: partLength, isClosed: format == Self.format)
  }

  private static func texts(_ reader: inout PackedReader) throws(PackingError) -> [String] {
    var texts: [String] = []
    for _ in 0..<(try reader.count(atMost: reader.rest)) { texts.append(try reader.text()) }
    return texts
  }

  /// FNV-1a over words of eight bytes, those at the end singly; not by bytes, of which there are millions.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    var sum: UInt64 = 0xcbf2_9ce4_8422_2325
    let source = unsafe bytes.span.bytes
    let words = source.byteCount / 8
    // Each load checks its bounds; any eight bytes are a number.
    for index in 0..<words {
      let word = unsafe source.unsafeLoadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)
      sum = (sum ^ UInt64(littleEndian: word)) &* 0x100_0000_01b3
      // The product's upper bits depend on all, its lower ones on the lower alone.
      sum ^= sum >> 29
    }
    for index in 8 * words..<source.byteCount {
      sum = (sum ^ UInt64(unsafe source.unsafeLoad(fromByteOffset: index, as: UInt8.self))) &* 0x100_0000_01b3
    }
    return sum
  }
}
