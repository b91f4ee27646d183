internal import Model
internal import Traffic
internal import Wire

/// A report as it comes from a host: bounds that are checked before it is read change nothing; what is taken is the same when it is written and read again, and merges with
/// another report into the same period in either order, however often it comes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer passes the start and length of its buffer.
  let input = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  let bounded = try? ReportCodec.decode(hostMessage: [0x12] + varint(input.count) + input)
  guard let report = try? ReportCodec.decode(input) else {
    precondition(bounded == nil)
    return 0
  }
  let again = (try? ReportCodec.encode(report)).flatMap { try? ReportCodec.decode($0) }
  // NaN isn't like itself.
  guard report == report else { return 0 }
  precondition(again == report && (bounded == nil || bounded == report))
  let other = other(of: report)
  let merged = merge([report, other])
  precondition(merged == merge([other, report, other, report]))
  precondition(merged.period == report.period && Set(merged.hosts) == [report.host, other.host])
  return 0
}

private func varint(_ number: Int) -> [UInt8] {
  number < 0x80 ? [UInt8(number)] : [UInt8(number & 0x7f) | 0x80] + varint(number >> 7)
}

/// What another host says that sees the same pairs from the other end.
private func other(of report: SensorReport) -> SensorReport {
  SensorReport(
    host: report.host + "'", incarnation: report.incarnation, sequence: report.sequence, period: report.period,
    vms: report.vms, received: report.sent, sent: report.received)
}

private func merge(_ reports: [SensorReport]) -> GlobalPeriod {
  var period = PeriodReports(period: reports[0].period)
  for report in reports { period.take(report) }
  return period.merged(expectedHosts: ["a1"])
}
