import Agent
import Controller
import Foundation
import Model
import Storage
import Testing
import Traffic

/// A link that comes and goes fifty times while reports are made.
struct FlappingTests {
  /// With as many packets as its number says: one that was lost or counted twice shows.
  private func report(_ sequence: UInt64) -> SensorReport {
    var report = SensorReport.example(sequence)
    report.received = [
      .init(source: .name("vm2"), destination: .name("vm1"), counts: PairCounts(packets: sequence))
    ]
    return report
  }

  @Test func nothingIsLostDoubledOrLeftBehind() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "transhumance-flapping-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try SQLiteStore(path: folder.path + "/store.sqlite")
    let clock = MockWallClock(seconds: 2000)
    let registry = HostRegistry(hosts: ["a1"], now: { clock.now })
    let collector = Collector(store: store, clock: clock, logger: silent, liveHosts: { _ in ["a1"] })
    let port = try LoopbackPort()
    let host = try TestHost(port: port.number, time: clock.now.nanoseconds)
    try await host.whileConnecting {
      for round in 1...50 {
        try await withListener(registry, collector, at: port) { _ in
          await host.advanceUntil { await registry.host("a1")?.isConnected == true }
          // Cut while it is on its way, every second time; else once it is acknowledged.
          await host.queue.put(report(UInt64(round)))
          if round.isMultiple(of: 2) { await host.advanceUntil { await host.queue.count == 0 } }
        }
        await registry.wait(for: "a1", connected: false)
      }
      try await withListener(registry, collector, at: port) { _ in
        await host.advanceUntil { await host.queue.count == 0 }
      }
      await registry.wait(for: "a1", connected: false)
      // One connection's at most; the others' go by themselves.
      for _ in 0..<10_000 where await host.queue.watcherCount > 1 { try? await Task.sleep(for: .milliseconds(2)) }
      let (watchers, connections) = (await host.queue.watcherCount, await registry.connectionCount)
      #expect(watchers <= 1 && connections == 0)
    }
    var packets: [UInt64] = []
    for sequence in 1...50 {
      let period = Period(start: Timestamp(nanoseconds: 30_000_000_000 * Int64(sequence)), length: 30_000_000_000)
      let traffic = try await store.traffic(of: period, like: nil)
      if let traffic { packets.append(traffic.rows.packets) } else {
        packets += try await store.reports(of: period).flatMap(\.received).map(\.counts.packets)
      }
    }
    #expect(packets == Array(1...50))
  }
}
