import Controller
import Foundation
import Model
import Storage
import SwiftProtobuf
import Synchronization
import Testing
import Wire

/// What a controller that stands by tells of itself.
@Suite(.timeLimit(.minutes(2))) struct StandbyTests {
  private static let federation = """
    sites:
      - {name: a, kind: grid, hosts: [{name: a1, vcpus: 4}]}
    links: {betweenSites: {latencyMs: 10, bandwidthMbps: 1000}}

    """

  /// - Parameter socket: its path in the folder.
  private func withConfiguration(
    socket: String, _ body: (ControllerConfiguration, SQLiteStore) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      try Data(Self.federation.utf8).write(to: URL(filePath: folder + "/federation.yaml"))
      let configuration = ControllerConfiguration(
        federationPath: folder + "/federation.yaml", stateDirectory: folder, address: IPAddress(v4: 0x7f00_0001),
        port: 0, socketPath: folder + "/" + socket)
      try await body(configuration, try SQLiteStore(path: folder + "/controller.sqlite"))
    }
  }

  /// Each attempt is later than the one before, and what is told is told once.
  @Test func whereItCannotListenItTriesEverMoreSeldom() async throws {
    try await withConfiguration(socket: "none/controller.sock") { configuration, store in
      let pauses = Mutex<[Duration]>([])
      let standby = Standby(configuration: configuration, logger: silent) { pause in
        let count = pauses.withLock { pauses in
          pauses.append(pause)
          return pauses.count
        }
        if count == 3 { throw CancellationError() }
      }
      await standby.run(store, Leader(holder: "another", epoch: 1))
      #expect(pauses.withLock { $0 } == ([1, 2, 4] as [Int]).map { Duration.seconds($0) })
      let events = try await store.events(last: 10).map {
        try ControllerEvent(serializedBytes: [UInt8]($0.content)).text
      }
      #expect(
        events == [
          "a controller that stands by answers no queries, and tries again: can't listen at "
            + "\(configuration.socketPath): there is no such folder"
        ])
    }
  }

  /// As where its controller gets the lead while it reads what there is.
  @Test func itEndsWhereItIsCancelledBeforeItListens() async throws {
    try await withConfiguration(socket: "controller.sock") { configuration, store in
      let hooked = HookedStore(store)
      hooked.onCalls { call, moment in
        guard call == .periods, moment == .after else { return }
        withUnsafeCurrentTask { $0?.cancel() }
      }
      let standby = Standby(configuration: configuration, logger: silent)
      await Task { await standby.run(hooked, Leader(holder: "another", epoch: 1)) }.value
    }
  }
}
