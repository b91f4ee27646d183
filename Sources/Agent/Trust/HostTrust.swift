internal import Linux
internal import Logging
internal import Model
internal import Trust

/// How a host knows others, and is known to them: by its certificate and what it was told of revoked ones.
struct HostTrust: Sendable {
  let peers: PeerTrust
  let revocations: KeptRevocations
  /// Read anew, for whoever replaces them by hand.
  let files: CredentialFiles
  private let host: String
  private let logger: Logger

  /// - Throws: `TrustError`, also where the files are another host's.
  init(_ files: CredentialFiles, of configuration: HostConfiguration, logger: Logger) throws(TrustError) {
    let kept = KeptRevocations(folder: configuration.stateDirectory)
    let lines = RefusalLines(now: { .now }, tell: { logger.warning("\($0)") })
    (self.files, self.logger, host, revocations) = (files, logger, configuration.host.name, kept)
    peers = try PeerTrust(
      files.load(for: host), revocations: { kept.current }, now: { .now }, refused: { lines.add($0) })
    if let problem = kept.problem { logger.error("\(problem)") }
  }

  /// What can't be read, or isn't good, was better before.
  @inline(never) func readAnew() {
    guard let credentials = try? files.load(for: host), credentials.peer.serial != peers.credentials.peer.serial,
      credentials.notAfter > .now
    else { return }
    do { try peers.replace(credentials) } catch { logger.error("\(error)") }
  }
}
