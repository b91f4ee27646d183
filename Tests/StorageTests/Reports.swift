import Foundation
import Model
import Storage
import Traffic

extension SensorReport {
  /// A report with a row of `packets` packets, of the n-th period of 30 s after 2026-11-24T15:46:00Z.
  static func sample(
    host: String = "a1", incarnation: UInt64 = 1, sequence: UInt64, period: Int64 = 0, packets: UInt64 = 7
  ) -> SensorReport {
    var accounting = Accounting()
    accounting.counted = packets
    return SensorReport(
      host: host, incarnation: incarnation, sequence: sequence, period: .sample(period), accounting: accounting,
      vms: [SensedVM(name: "vm1", cpuSeconds: 1.5, vcpus: 2, memory: 1 << 30)],
      received: [
        Row(source: .name("vm2"), destination: .name("vm1"), counts: PairCounts(packets: packets, lag: -1, shares: 5))
      ])
  }
}

extension Period {
  static func sample(_ number: Int64) -> Period {
    Period(
      start: Timestamp(nanoseconds: 1_795_535_160_000_000_000 + number * 30_000_000_000), length: 30_000_000_000)
  }
}

/// A folder of its own for a test, removed afterwards.
func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "transhumance-test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder.path)
}
