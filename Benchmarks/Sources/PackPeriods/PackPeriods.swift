import Foundation
import Model
import Traffic

/// What the collector's pure parts cost: `PackPeriods PAIRS PERIODS`, of 10⁴ VMs on 100 hosts.
///
/// Prints one JSON object: bytes a row in memory and packed, seconds for each step of a period, and for queries over all
/// periods. Of queries the best and the worst of ten.
@main
struct PackPeriods {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    guard arguments.count == 2, arguments[0] >= 100, arguments[1] > 0 else {
      throw UsageError(description: "usage: PackPeriods PAIRS PERIODS")
    }
    let (pairs, count) = (arguments[0], arguments[1])
    let clock = ContinuousClock()
    var result = Result(pairs: pairs, periods: count)
    var periods: [GlobalPeriod] = []
    var sums = PeriodSums()
    for number in 0..<count {
      let reports = Self.reports(number, pairs)
      var merging = PeriodReports(period: Self.period(number), like: periods.last)
      result.take += clock.measure { for report in reports { merging.take(report) } } / .seconds(1) / Double(count)
      result.merge += measure(clock, count) {
        periods.append(merging.merged(expectedHosts: []))
      }
      result.addUp += measure(clock, count) { sums.complete(periods) }
    }
    guard let last = periods.last else { return }
    var packed: [UInt8] = []
    result.pack = measure(clock) { packed = last.packed }
    result.unpack = try measure(clock) { _ = try GlobalPeriod(packed: packed, like: last) }
    result.bytesInMemory = Double(periods.reduce(sums.byteCount) { $0 + $1.byteCount }) / Double(pairs * count)
    result.bytesPacked = Double(packed.count) / Double(pairs)
    let line = PeriodLine(
      closed: periods, sums: sums, length: last.period.length, grace: 0, now: last.period.end)
    let own = Set((0..<100).map { Endpoint.name("vm\($0 * 7)") })
    result.all = try spread(clock) { _ = try line.answer(TrafficQuery(span: .last(count), answer: .mean)) }
    result.weighted = try spread(clock) {
      _ = try line.answer(TrafficQuery(span: .last(count), answer: .coefficient(1.01)))
    }
    result.application = try spread(clock) {
      _ = try line.answer(TrafficQuery(span: .last(count), answer: .mean, endpoints: own))
    }
    result.applicationWeighted = try spread(clock) {
      _ = try line.answer(TrafficQuery(span: .last(count), answer: .coefficient(1.01), endpoints: own))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    print(String(decoding: try encoder.encode(result), as: UTF8.self))
  }

  private static func measure(_ clock: ContinuousClock, _ share: Int = 1, _ body: () throws -> Void) rethrows -> Double {
    try clock.measure(body) / .seconds(1) / Double(share)
  }

  private static func spread(_ clock: ContinuousClock, _ body: () throws -> Void) rethrows -> [Double] {
    let times = try (0..<10).map { _ in try measure(clock, 1, body) }.sorted()
    return [times[0], times[9]]
  }

  private static let hosts = 100
  private static let vms = 10_000

  private static func period(_ number: Int) -> Period {
    Period(start: Timestamp(nanoseconds: Int64(number) * 2_000_000_000), length: 2_000_000_000)
  }

  /// Each pair is reported by both ends; vm i is at host i mod 100.
  private static func reports(_ number: Int, _ pairs: Int) -> [SensorReport] {
    var rows = [(received: [SensorReport.Row], sent: [SensorReport.Row])](repeating: ([], []), count: hosts)
    var random = UInt64(number + 1)
    for pair in 0..<pairs {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let source = pair % vms
      // Odd, so that no two strides are the same.
      let destination = (source + 1 + 2 * (pair / vms) * 37) % vms
      let packets = 1 + random >> 40 % 1000
      let ipBytes = packets * (52 + random >> 20 % 1449)
      let counts = PairCounts(
        packets: packets, frameBytes: ipBytes + 14 * packets, ipBytes: ipBytes, rounds: packets / 4,
        windows: packets / 256, lag: -Int64(packets / 512), turns: packets / 4, matched: packets / 8, runs: packets / 16,
        shares: packets * 10)
      let (from, to) = (Endpoint.name("vm\(source)"), Endpoint.name("vm\(destination)"))
      rows[destination % hosts].received.append(.init(source: from, destination: to, counts: counts))
      rows[source % hosts].sent.append(
        .init(
          source: from, destination: to,
          counts: PairCounts(packets: packets, frameBytes: counts.frameBytes, ipBytes: ipBytes)))
    }
    return rows.enumerated().map { host, rows in
      SensorReport(
        host: "h\(host)", incarnation: 1, sequence: UInt64(number + 1), period: period(number),
        vms: stride(from: host, to: vms, by: hosts).map { SensedVM(name: "vm\($0)", cpuSeconds: 0.5, vcpus: 1) },
        received: rows.received, sent: rows.sent)
    }
  }
}

struct Result: Encodable {
  var pairs: Int
  var periods: Int
  var bytesInMemory = 0.0
  var bytesPacked = 0.0
  /// Seconds a period: taking reports, merging them, keeping sums; and once packing and unpacking one.
  var take = 0.0
  var merge = 0.0
  var addUp = 0.0
  var pack = 0.0
  var unpack = 0.0
  /// Seconds, best and worst.
  var all: [Double] = []
  var weighted: [Double] = []
  var application: [Double] = []
  var applicationWeighted: [Double] = []
}

struct UsageError: Error, CustomStringConvertible {
  var description: String
}
