import Model
import SwiftProtobuf
import Traffic
import Wire

/// The part of the workload that one host sees.
struct HostTraffic: Sendable {
  private struct Place: Sendable {
    var pair: Int
    var source: Endpoint
    var destination: Endpoint
  }

  private let workload: Workload
  private let name: String
  private let vms: [SensedVM]
  private let received: [Place]
  private let sent: [Place]
  /// What the host tells of itself.
  let state: HostReport

  init(_ workload: Workload, host: Int) {
    self.workload = workload
    let name = Workload.hostName(host)
    let names = workload.vms(of: host).map(Workload.vmName)
    self.name = name
    vms = names.map { SensedVM(name: $0, cpuSeconds: 0.5, vcpus: 1, memory: 1 << 30) }
    let places = (0..<workload.pairs).lazy.map { pair in
      (pair: pair, source: workload.source(of: pair), destination: workload.destination(of: pair))
    }
    func endpoint(_ vm: Int) -> Endpoint { .name(Workload.vmName(vm)) }
    received = places.filter { workload.host(of: $0.destination) == host }
      .map { Place(pair: $0.pair, source: endpoint($0.source), destination: endpoint($0.destination)) }
    sent = places.filter { workload.host(of: $0.source) == host }
      .map { Place(pair: $0.pair, source: endpoint($0.source), destination: endpoint($0.destination)) }
    state = .with {
      $0.name = name
      $0.site = "a"
      $0.vcpus = Double(names.count)
      $0.vcpusUsed = Double(names.count)
      $0.memoryBytes = UInt64(names.count) << 30
      $0.memoryUsedBytes = UInt64(names.count) << 30
      $0.hypervisor = "none"
      $0.vms = names.map { vm in
        .with {
          ($0.name, $0.state, $0.vcpus, $0.memoryBytes) = (vm, "running", 1, 1 << 30)
          ($0.entry.vm, $0.entry.host, $0.entry.epoch) = (vm, name, 1)
        }
      }
    }
  }

  func report(of period: Period, incarnation: UInt64, sequence: UInt64) -> SensorReport {
    let received = received.map { place in
      SensorReport.Row(
        source: place.source, destination: place.destination, counts: workload.counts(of: place.pair, in: period))
    }
    let sent = sent.map { place in
      SensorReport.Row(
        source: place.source, destination: place.destination,
        counts: Workload.sent(workload.counts(of: place.pair, in: period)))
    }
    var accounting = Accounting()
    accounting.counted = (received + sent).reduce(0) { $0 + $1.counts.packets }
    return SensorReport(
      host: name, incarnation: incarnation, sequence: sequence, period: period, accounting: accounting, vms: vms,
      received: received, sent: sent, clockErrorSeconds: 0)
  }
}
