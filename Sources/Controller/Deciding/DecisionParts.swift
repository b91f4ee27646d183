package import Wire

/// What the loop does to hosts, and sees of them.
package protocol HostControl: Sendable {
  /// What each host last said, whether or not it is there now; without its site.
  func hosts() async -> [Transhumance_V1_SensedHost]
  /// Has the host of a VM move it. The same identifier again is the same move.
  ///
  /// - Parameter by: who wants it; empty: not known.
  func migrate(
    _ request: MigrateRequest, at host: String, identifier: String, by: String
  ) async throws -> AsyncThrowingStream<MigrateProgress, any Error>
  /// Has a host define and start a VM.
  func start(_ request: Transhumance_V1_StartRequest, at host: String, identifier: String, by: String) async throws
  /// Where VMs run and how hosts are now.
  func situation() async -> Situation
  /// Why reports of hosts aren't taken; hosts of which they are aren't in it.
  func problems() async -> [String: String]
}

extension HostControl {
  package func situation() async -> Situation { Situation(await hosts()) }
}
