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

  /// Each attempt is later than the one before, and what is told is told once.
  @Test func whereItCannotListenItTriesEverMoreSeldom() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "standby-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(Self.federation.utf8).write(to: URL(filePath: folder + "/federation.yaml"))
    let store = try SQLiteStore(path: folder + "/controller.sqlite")
    let configuration = ControllerConfiguration(
      federationPath: folder + "/federation.yaml", stateDirectory: folder, address: IPAddress(v4: 0x7f00_0001), port: 0,
      socketPath: folder + "/none/controller.sock")
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
    let events = try await store.events(last: 10).map { try ControllerEvent(serializedBytes: [UInt8]($0.content)).text }
    #expect(
      events == [
        "a controller that stands by answers no queries, and tries again: can't listen at \(configuration.socketPath): "
          + "there is no such folder"
      ])
  }

  /// As where its controller gets the lead while it reads what there is.
  @Test func itEndsWhereItIsCancelledBeforeItListens() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "standby-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(Self.federation.utf8).write(to: URL(filePath: folder + "/federation.yaml"))
    let store = HookedStore(try SQLiteStore(path: folder + "/controller.sqlite"))
    store.onCalls { call, moment in
      guard call == .periods, moment == .after else { return }
      withUnsafeCurrentTask { $0?.cancel() }
    }
    let configuration = ControllerConfiguration(
      federationPath: folder + "/federation.yaml", stateDirectory: folder, address: IPAddress(v4: 0x7f00_0001), port: 0,
      socketPath: folder + "/controller.sock")
    let standby = Standby(configuration: configuration, logger: silent)
    await Task { await standby.run(store, Leader(holder: "another", epoch: 1)) }.value
  }
}
