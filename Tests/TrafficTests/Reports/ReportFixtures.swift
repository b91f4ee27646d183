import Model
import Traffic

extension SensorReport {
  /// Of the period of 30 s that begins 30·`period` s after 1970.
  static func of(
    _ host: String, incarnation: UInt64 = 1, sequence: UInt64 = 1, period: Int64 = 0, incomplete: String? = nil,
    vms: [SensedVM] = [], received: [Row] = [], sent: [Row] = []
  ) -> SensorReport {
    SensorReport(
      host: host, incarnation: incarnation, sequence: sequence, period: .number(period), incomplete: incomplete,
      vms: vms, received: received, sent: sent)
  }
}

extension SensorReport.Row {
  static func row(_ source: String, _ destination: String, _ counts: PairCounts) -> SensorReport.Row {
    SensorReport.Row(source: Endpoint(source), destination: Endpoint(destination), counts: counts)
  }

  static func row(_ source: String, _ destination: String, packets: UInt64) -> SensorReport.Row {
    row(source, destination, PairCounts(packets: packets, frameBytes: 100 * packets, ipBytes: 86 * packets))
  }
}

extension Period {
  static func number(_ number: Int64, seconds: Int64 = 30) -> Period {
    Period(start: .init(nanoseconds: number * seconds * 1_000_000_000), length: seconds * 1_000_000_000)
  }
}

extension GlobalPeriod {
  /// Two VMs at host a1 that talk: `packets` from vm1 to vm2, with a round trip for every ten.
  static func talk(
    _ period: Period, packets: UInt64, expected: [String] = ["a1"], incomplete: String? = nil
  ) -> GlobalPeriod {
    let counts = PairCounts(
      packets: packets, frameBytes: 100 * packets, ipBytes: 86 * packets, turns: packets / 10, matched: packets / 10,
      shares: packets / 10 * 1000)
    return GlobalPeriod(
      period: period,
      reports: [
        SensorReport(
          host: "a1", incarnation: 1, sequence: 1, period: period, incomplete: incomplete,
          vms: [SensedVM(name: "vm1"), SensedVM(name: "vm2")],
          received: packets == 0 ? [] : [.row("vm1", "vm2", counts)],
          sent: packets == 0 ? [] : [.row("vm1", "vm2", packets: packets)])
      ], expectedHosts: expected)
  }
}
