import Controller
import Traffic

/// Takes reports as it is told: at once, when a gate opens, never, or only the second time.
actor TestIntake: ReportIntake {
  enum Manner { case atOnce, gated, refusing(String), failingOnce, failing }
  struct DiskFull: Error {}

  private(set) var reports: [SensorReport] = []
  private var manner: Manner
  private var gate: CheckedContinuation<Void, Never>?
  private var watchers: [CheckedContinuation<Void, Never>] = []

  init(_ manner: Manner = .atOnce) { self.manner = manner }

  func take(_ report: SensorReport) async throws {
    reports.append(report)
    for watcher in watchers { watcher.resume() }
    watchers = []
    switch manner {
    case .atOnce: break
    case .gated: await withCheckedContinuation { gate = $0 }
    case .refusing(let reason): throw ReportRefusal(reason)
    case .failingOnce:
      manner = .atOnce
      throw DiskFull()
    case .failing: throw DiskFull()
    }
  }

  func open() {
    manner = .atOnce
    gate?.resume()
    gate = nil
  }

  /// Returns when so many reports have come.
  func arrival(of count: Int) async {
    while reports.count < count { await withCheckedContinuation { watchers.append($0) } }
  }
}
