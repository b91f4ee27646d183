import Foundation
import Model
import Storage
import Synchronization
import Testing
import Traffic

/// Servers that go, and answers that are lost.
@Suite(.serialized, .timeLimit(.minutes(3))) struct PostgresFaultTests {
  private func withServer(_ body: (PostgresServer, String) async throws -> Void) async throws {
    try PostgresServer.require()
    let server = try PostgresServer()
    try await body(server, try server.newDatabase())
  }

  @Test func whatWasCommittedWithoutAnAnswerIsNotDoneTwice() async throws {
    try await withServer { server, database in
      let (proxy, address) = try server.proxy(to: database)
      let store = try await PostgresStore(connection: address)
      #expect(try proxy.run("lose transhumance.report").code == "0")
      #expect(try await store.save(.sample(sequence: 1)))
      #expect(try await !store.save(.sample(sequence: 1)))
      #expect(try await store.reports(of: .sample(0)) == [.sample(sequence: 1)])

      let events = (1...3).map { StoredEvent(time: .init(nanoseconds: $0), content: Data("\($0)".utf8)) }
      #expect(try proxy.run("lose transhumance.event").code == "0")
      try await store.append(events)
      #expect(try await store.events(last: 9) == events)

      #expect(try proxy.run("lose greatest(epoch").code == "0")
      let lease = try #require(try await store.takeLease(as: "c1", for: .seconds(3600), above: 0))
      let leading = store.leading(under: lease)
      #expect(try proxy.run("lose transhumance.setting").code == "0")
      try await leading.set(Data("first".utf8), forKey: "paused")
      // The answer that comes late is of no change: another controller's would be.
      #expect(try server.sql("SELECT writes > 0 FROM transhumance.lease", in: database) == ["t"])
      try await leading.set(Data("second".utf8), forKey: "paused")
      #expect(try await store.value(forKey: "paused") == Data("second".utf8))
    }
  }

  @Test func aReportOfUnknownFateIsNewWhenItComesAgain() async throws {
    try await withServer { server, database in
      let (proxy, address) = try server.proxy(to: database)
      let store = try await PostgresStore(connection: address, timing: .impatient)
      #expect(try proxy.run("lose transhumance.report").code == "0")
      #expect(try proxy.run("refuse").code == "0")
      let error = await #expect(throws: StoreError.self) { try await store.save(.sample(sequence: 1)) }
      #expect(error?.code == .unreachable)
      #expect(error?.mayBeKept == true)
      #expect(try server.sql("SELECT count(*) FROM transhumance.report", in: database) == ["1"])
      #expect(try proxy.run("accept").code == "0")
      #expect(try await store.save(.sample(sequence: 1)))
      #expect(try await !store.save(.sample(sequence: 1)))
    }
  }

  @Test func aServerThatRestartsIsWaitedFor() async throws {
    try await withServer { server, database in
      let store = try await PostgresStore(connection: database)
      let lease = try #require(try await store.takeLease(as: "c1", for: .seconds(3600), above: 0))
      try await store.save(.sample(sequence: 1))
      try server.stop()
      async let isNew = store.save(.sample(sequence: 2))
      async let setting: Void = store.leading(under: lease).set(Data("on".utf8), forKey: "paused")
      async let reports = store.reports(of: .sample(0))
      try server.start()
      #expect(try await isNew)
      try await setting
      #expect(try await reports.count >= 1)
      #expect(try await store.reports(of: .sample(0)).count == 2)
      #expect(try await store.value(forKey: "paused") == Data("on".utf8))
    }
  }

  @Test func aServerThatIsAwayForLongIsSaid() async throws {
    try await withServer { server, database in
      let store = try await PostgresStore(connection: database, timing: .impatient)
      try await store.save(.sample(sequence: 1))
      try server.stop()
      let error = await #expect(throws: StoreError.self) { try await store.save(.sample(sequence: 2)) }
      #expect(error?.code == .unreachable)
      // The connection was gone before anything was sent.
      #expect(error?.mayBeKept == false)
      try server.start()
      #expect(try await store.save(.sample(sequence: 2)))
    }
  }

  @Test func killedBackendsLoseAndDoubleNothing() async throws {
    try await withServer { server, database in
      let stores = [
        try await PostgresStore(connection: database), try await PostgresStore(connection: database),
      ]
      let (hosts, reports) = (8, 60)
      let progress = Progress()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for host in 0..<hosts {
          group.addTask {
            for sequence in 1...reports {
              let report = SensorReport.sample(
                host: "h\(host)", sequence: UInt64(sequence), packets: UInt64(host * 1000 + sequence))
              let isNew = try await stores[(host + sequence) % 2].save(report)
              #expect(isNew)
              // As from a host whose acknowledgement got lost, and which reaches the other controller.
              if sequence % 5 == 0 {
                let isNewAgain = try await stores[(host + sequence + 1) % 2].save(report)
                #expect(!isNewAgain)
              }
              progress.saved.withLock { $0 += 1 }
            }
          }
        }
        group.addTask {
          // The server ends all backends when one was killed, and recovers.
          for part in 1...4 {
            while progress.saved.withLock({ $0 }) < part * hosts * reports / 5 {
              try await Task.sleep(for: .milliseconds(2))
            }
            while try !Self.killBackend(of: server) { try await Task.sleep(for: .milliseconds(2)) }
          }
        }
        try await group.waitForAll()
      }
      let kept = try await stores[0].reports(of: .sample(0))
      #expect(kept.count == hosts * reports)
      let sum = kept.reduce(0) { $0 + $1.accounting.counted }
      // 1000 · (0 + … + 7) · 60 and 8 · (1 + … + 60)
      #expect(sum == 1_680_000 + 14_640)
      #expect(try String(contentsOfFile: server.folder + "/log", encoding: .utf8).contains("terminated by signal 9"))
    }
  }

  private final class Progress: Sendable { let saved = Mutex(0) }

  /// - Returns: false where there is none, as while the server recovers.
  private static func killBackend(of server: PostgresServer) throws -> Bool {
    let backends = try? server.sql(
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'transhumance' AND query LIKE '%report%'")
    guard let backend = backends?.compactMap({ Int32($0) }).first else { return false }
    return kill(backend, SIGKILL) == 0
  }
}
