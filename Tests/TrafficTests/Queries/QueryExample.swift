import Model
import Traffic

/// The example that docs/queries.md derives each answer of, with the same figures.
///
/// Periods of 30 s from 2026-11-24T15:46:00Z on; it is 15:47:40. Site a has the hosts a1 and a2, site b has b1. vm1 is
/// at a1, vm2 at a2 and moves to a1 in the third period, vm3 is at b1, which doesn't report of the third.
///
///     packets      1st  2nd  3rd
///     vm1 → vm2     40   60  110 = 50 at a2 + 60 at a1; of the 2nd's 62 that were sent 2 are lost
///     vm2 → vm1     20   30   40
///     vm1 → vm3     10    –   17 by its sender
///     vm3 → vm1      –    9    –
enum QueryExample {
  static let start = Timestamp("2026-11-24T15:46:00Z") ?? Timestamp(nanoseconds: 0)

  /// From the first on, 0; the fourth is running.
  static func period(_ number: Int64) -> Period {
    Period(start: start.advanced(byNanoseconds: number * 30_000_000_000), length: 30_000_000_000)
  }

  static let sites: TrafficQuery.Grouping = .sites(ofHosts: ["a1": "a", "a2": "a", "b1": "b"], ofEndpoints: [:])
  static let applications: TrafficQuery.Grouping = .applications([.name("vm1"): "cg", .name("vm2"): "cg"])

  static var periods: [GlobalPeriod] {
    let reports: [[SensorReport]] = [
      [
        report("a1", 0, ["vm1"], received: [("vm2", "vm1", 20)], sent: [("vm1", "vm2", 40), ("vm1", "vm3", 10)]),
        report("a2", 0, ["vm2"], received: [("vm1", "vm2", 40)], sent: [("vm2", "vm1", 20)]),
        report("b1", 0, ["vm3"], received: [("vm1", "vm3", 10)]),
      ],
      [
        report("a1", 1, ["vm1"], received: [("vm2", "vm1", 30), ("vm3", "vm1", 9)], sent: [("vm1", "vm2", 62)]),
        report("a2", 1, ["vm2"], received: [("vm1", "vm2", 60)], sent: [("vm2", "vm1", 30)]),
        report("b1", 1, ["vm3"], sent: [("vm3", "vm1", 9)]),
      ],
      [
        report(
          "a1", 2, ["vm1", "vm2"], received: [("vm2", "vm1", 40), ("vm1", "vm2", 60)],
          sent: [("vm1", "vm2", 110), ("vm1", "vm3", 17), ("vm2", "vm1", 22)]),
        report("a2", 2, ["vm2"], received: [("vm1", "vm2", 50)], sent: [("vm2", "vm1", 18)]),
      ],
    ]
    return reports.enumerated().map { number, reports in
      GlobalPeriod(period: period(Int64(number)), reports: reports, expectedHosts: ["a1", "a2", "b1"])
    }
  }

  /// - Parameter held: numbers of the periods that the collector has.
  static func line(holding held: [Int] = [0, 1, 2]) -> PeriodLine {
    PeriodLine(
      closed: held.map { periods[$0] }, length: 30_000_000_000, grace: 5_000_000_000,
      now: start.advanced(byNanoseconds: 100_000_000_000))
  }

  private static func report(
    _ host: String, _ number: Int64, _ vms: [String], received: [(String, String, UInt64)] = [],
    sent: [(String, String, UInt64)] = []
  ) -> SensorReport {
    func rows(_ list: [(String, String, UInt64)]) -> [SensorReport.Row] {
      list.map { source, destination, packets in
        let counts = PairCounts(packets: packets, frameBytes: 114 * packets, ipBytes: 100 * packets)
        return .init(source: .name(source), destination: .name(destination), counts: counts)
      }
    }
    return SensorReport(
      host: host, incarnation: 1, sequence: UInt64(number + 1), period: period(number),
      vms: vms.map { SensedVM(name: $0) }, received: rows(received), sent: rows(sent))
  }
}
