import Model
import Traffic

/// Reports of a few hosts, made up at random, the same for a seed.
struct MadeUpReports {
  private var generator: Generator
  /// How many counts there are beyond all measure.
  private let hugeShare: Double

  init(seed: UInt64, hugeShare: Double = 0) {
    generator = Generator(state: seed)
    self.hugeShare = hugeShare
  }

  /// xorshift64* (Vigna, 2016).
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state ^= state >> 12
      state ^= state << 25
      state ^= state >> 27
      return state &* 0x2545_f491_4f6c_dd1d
    }
  }

  private mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }
  private mutating func isHit(_ chance: Double) -> Bool { Double.random(in: 0..<1, using: &generator) < chance }

  private mutating func counts() -> PairCounts {
    func any(_ limit: UInt64, _ generator: inout Generator) -> UInt64 { UInt64.random(in: 0...limit, using: &generator) }
    if isHit(hugeShare) {
      return PairCounts(packets: .max - any(3, &generator), frameBytes: .max, ipBytes: 5, lag: .min, shares: .max / 3)
    }
    let packets = 1 + any(isHit(0.1) ? 1 << 40 : 1000, &generator)
    let matched = any(50, &generator)
    return PairCounts(
      packets: packets, frameBytes: packets * 100, ipBytes: packets * 86 - (isHit(0.2) ? 3 : 0), rounds: any(9, &generator),
      windows: any(4, &generator), lag: Int64(any(8, &generator)) - 4, turns: any(50, &generator), matched: matched,
      runs: any(9, &generator), shares: matched * any(1000, &generator))
  }

  private mutating func endpoint(_ others: Int) -> Endpoint {
    switch number(0..<10) {
    case 0: .address(IPAddress(v4: 0x0a00_0000 + UInt32(number(0..<others))))
    case 1: .address(IPAddress(v6High: 0xfd00 << 48, low: UInt64(number(0..<others))))
    default: .name("vm\(number(0..<others))")
    }
  }

  /// - Parameters:
  ///   - vms: of all hosts together.
  ///   - rows: of each host and direction, at most.
  mutating func reports(of period: Period, hosts: Int = 4, vms: Int = 12, rows: Int = 40) -> [SensorReport] {
    var reports: [SensorReport] = []
    for host in 0..<hosts where !isHit(0.1) {
      for sequence in 1...(isHit(0.2) ? 2 : 1) {
        var own: [SensedVM] = []
        for vm in 0..<vms where vm % hosts == host || isHit(0.05) {
          own.append(
            SensedVM(
              name: "vm\(vm)", tapDropped: UInt64(number(0..<3)), spoofed: isHit(0.1) ? 1 : 0,
              cpuSeconds: isHit(0.1) ? nil : Double(number(0..<4000)) / 128, vcpus: number(1..<5), memory: 1 << 30,
              unknown: isHit(0.05) ? "it has an interface that no tap shows" : nil))
        }
        var (received, sent): ([SensorReport.Row], [SensorReport.Row]) = ([], [])
        for _ in 0..<number(0..<rows + 1) {
          let vm = own.isEmpty ? Endpoint.name("vm0") : .name(own[number(0..<own.count)].name)
          received.append(.init(source: endpoint(vms + 5), destination: vm, counts: counts()))
          sent.append(.init(source: vm, destination: endpoint(vms + 5), counts: counts()))
        }
        var accounting = Accounting()
        accounting.counted = UInt64(number(0..<1000))
        accounting.dropped = UInt64(number(0..<3))
        reports.append(
          SensorReport(
            host: "h\(host)", incarnation: .max - 1, sequence: UInt64(sequence), period: period,
            incomplete: isHit(0.1) ? "began within it; or so" : nil, accounting: accounting, vms: own,
            received: received, sent: sent))
      }
    }
    return reports
  }

  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] { elements.shuffled(using: &generator) }
  mutating func weight() -> Double { Double(number(0..<5)) / 4 }
  mutating func endpoints(_ others: Int) -> Set<Endpoint> { Set((0..<number(0..<6)).map { _ in endpoint(others) }) }
}
