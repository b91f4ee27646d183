internal import Model
internal import SwiftProtobuf
internal import Wire

/// The loop's view of hosts, and its hands on them, over the registry of connections.
struct RegistryControl: HostControl {
  let registry: HostRegistry

  func hosts() async -> [Transhumance_V1_SensedHost] {
    await registry.hosts.map { state in
      .with {
        $0.name = state.name
        $0.connected = state.isConnected
        $0.heard = state.heard?.nanoseconds ?? 0
        $0.latestPeriod = state.latestPeriod?.nanoseconds ?? 0
        $0.clockOffsetSeconds = state.clockOffsetSeconds ?? 0
        $0.lostReports = state.lostReports
        if let report = state.report { $0.report = report }
      }
    }
  }

  func migrate(
    _ request: MigrateRequest, at host: String, identifier: String, by: String
  ) async throws -> AsyncThrowingStream<MigrateProgress, any Error> {
    try await registry.run(.migrate(request), on: host, identifier: identifier, by: by)
  }

  func start(_ request: Transhumance_V1_StartRequest, at host: String, identifier: String, by: String) async throws {
    for try await _ in try await registry.run(.start(request), on: host, identifier: identifier, by: by) {}
  }

  func situation() async -> Situation { await registry.situation }

  func problems() async -> [String: String] { await registry.problems }
}
