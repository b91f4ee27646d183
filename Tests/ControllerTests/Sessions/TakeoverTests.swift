import Controller
import Foundation
import Model
import Storage
import Testing
import Traffic

/// A controller that takes the lead serves before it has read all that another has kept.
struct TakeoverTests {
  private static func period(_ number: Int64) -> Period {
    Period(start: Timestamp(nanoseconds: 30_000_000_000 * number), length: 30_000_000_000)
  }

  @Test func olderPeriodsAreReadWhileItServes() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "takeover-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try SQLiteStore(path: folder.path + "/store.sqlite")
    for number in 1...20 {
      let report = SensorReport.example(UInt64(number))
      try await store.save(report)
      // The last three nobody has closed.
      guard number <= 17 else { continue }
      try await store.save(GlobalPeriod(period: report.period, reports: [report], expectedHosts: ["a1"]))
    }
    let clock = MockWallClock(seconds: 30 * 21 + 20)
    let collector = Collector(store: store, clock: clock, logger: silent, liveHosts: { _ in ["a1"] })
    try await collector.load()
    #expect(await collector.held.map(\.period) == (13...20).map { Self.period($0) })
    let running = Task { try await collector.run() }
    while await collector.held.count < 20 { try? await Task.sleep(for: .milliseconds(2)) }
    #expect(await collector.held.map(\.period) == (1...20).map { Self.period($0) })
    running.cancel()
  }
}
