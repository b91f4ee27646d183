internal import Linux
internal import Logging
internal import Model
internal import Synchronization
internal import Trust

/// How a host knows others, and is known to them: by its certificate and what it was told of revoked ones.
final class HostTrust: Sendable {
  let peers: PeerTrust
  let revocations: KeptRevocations
  private let files: CredentialFiles
  private let host: String
  private let logger: Logger
  /// Of the files that were read last.
  private let version: Mutex<[FileVersion]>

  /// - Throws: `TrustError`, also where the files are another host's.
  init(_ files: CredentialFiles, of configuration: HostConfiguration, logger: Logger) throws {
    let kept = KeptRevocations(folder: configuration.stateDirectory)
    let lines = RefusalLines(now: { .now }, tell: { logger.warning("\($0)") })
    (self.files, self.logger, host, revocations) = (files, logger, configuration.host.name, kept)
    version = Mutex(files.paths.map(FileVersion.init))
    peers = try PeerTrust(
      files.load(for: host), revocations: { kept.current }, now: { .now }, refused: { lines.add($0) })
    if let problem = kept.problem { logger.error("\(problem)") }
  }

  /// Takes over what somebody else has put into the files. What can't be read, or isn't good, was better before: a
  /// certificate is replaced before or after its key.
  @inline(never) func readIfChanged() {
    let found = files.paths.map(FileVersion.init)
    guard version.withLock({ $0 != found }), let credentials = try? files.load(for: host) else { return }
    version.withLock { $0 = found }
    guard credentials.peer.serial != peers.credentials.peer.serial, credentials.notAfter > .now else { return }
    do { try peers.replace(credentials) } catch { logger.error("\(error)") }
  }
}

extension CredentialFiles {
  fileprivate var paths: [String] {
    switch self {
    case .folder(let path): [path + "/credentials.pem"]
    case .files(let certificate, let key, let authority): [certificate, key, authority]
    }
  }
}
