import Model
import Traffic

extension SensorReport {
  /// Any that a sensor may make, and many that none does.
  static func random(using generator: inout SeededGenerator) -> SensorReport {
    func number(_ bound: UInt64 = .max) -> UInt64 {
      // All magnitudes.
      (generator.next() % bound) >> (generator.next() % 64)
    }
    func endpoint() -> Endpoint {
      switch generator.next() % 3 {
      case 0: .address(IPAddress(v4: UInt32(truncatingIfNeeded: generator.next())))
      case 1: .address(IPAddress(v6High: number(), low: number()))
      default: .name("vm\(generator.next() % 5)é")
      }
    }
    func rows() -> [Row] {
      (0..<generator.next() % 6).map { _ in
        Row(
          source: endpoint(), destination: endpoint(),
          counts: PairCounts(
            packets: number(), frameBytes: number(), ipBytes: number(), rounds: number(), windows: number(),
            lag: Int64(bitPattern: generator.next()), turns: number(), matched: number(), runs: number(),
            shares: number()))
      }
    }
    var accounting = Accounting()
    (accounting.counted, accounting.notIP, accounting.malformed) = (number(1 << 60), number(1 << 60), number(1 << 60))
    (accounting.foreign, accounting.dropped) = (number(1 << 60), number(1 << 60))
    let length = Int64(1 + number(1 << 50))
    let vms = (0..<generator.next() % 4).map { index in
      SensedVM(
        name: "vm\(index)", tapDropped: number(), spoofed: number(),
        cpuSeconds: generator.next() % 2 == 0 ? nil : Double(number(1000)) / 8, vcpus: Int(number(1 << 32)),
        memory: number(), unknown: generator.next() % 2 == 0 ? nil : "why")
    }
    return SensorReport(
      host: "a\(number(9))", incarnation: generator.next(), sequence: 1 + number(1 << 63),
      period: Period(containing: Timestamp(nanoseconds: Int64(bitPattern: generator.next()) / 2), length: length),
      incomplete: generator.next() % 2 == 0 ? nil : "cut", accounting: accounting, vms: vms, received: rows(),
      sent: rows(), clockErrorSeconds: generator.next() % 2 == 0 ? nil : Double(number(1000)) / 8,
      lostReports: number())
  }
}
