package import Model
internal import NIOCertificateReloading
internal import NIOSSL
internal import Synchronization
internal import X509

/// All that a service needs to be known to its peers and to know them: what it shows, whom it trusts, whom no more.
///
/// One for each service that runs. Servers and clients that were configured by it show new credentials from the next
/// connection on, and each call is judged by what is revoked at that instant.
package final class PeerTrust: Sendable {
  private let state: Mutex<State>
  private let revocations: @Sendable () -> Revocations
  package let now: @Sendable () -> Timestamp
  /// Told in a line of each peer that was turned away.
  package let refused: @Sendable (String) -> Void

  private struct State {
    var credentials: Credentials
    /// The same, as the transport takes it.
    var shown: NIOSSLContextConfigurationOverride
    /// Others than `revocations` tells of.
    var revoked = Revocations()
    var watchers: [Int: Watcher] = [:]
    var lastWatcher = 0
  }

  struct Watcher {
    var peer: Peer
    var end: AsyncStream<TrustError>.Continuation
  }

  /// - Parameters:
  ///   - revocations: asked at each handshake and call; the authority's, where its folder is
  ///     (`{ watchedFile.current }`), else what was told to `revoke`.
  ///   - now: by the machine's clock.
  ///   - refused: called from any thread, also for each of a million attempts: whoever logs it bounds it.
  /// - Throws: `malformed` where the transport can't use the credentials.
  package init(
    _ credentials: Credentials, revocations: @escaping @Sendable () -> Revocations = { Revocations() },
    now: @escaping @Sendable () -> Timestamp, refused: @escaping @Sendable (String) -> Void
  ) throws(TrustError) {
    (self.revocations, self.now, self.refused) = (revocations, now, refused)
    state = Mutex(State(credentials: credentials, shown: try credentials.shown))
  }

  package var credentials: Credentials { state.withLock { $0.credentials } }

  /// Shows others from the next handshake on; connections that are open stay.
  package func replace(_ credentials: Credentials) throws(TrustError) {
    let shown = try credentials.shown
    state.withLock { ($0.credentials, $0.shown) = (credentials, shown) }
  }

  /// Adds what the controller says is revoked, and ends calls of those peers.
  ///
  /// - Returns: those that it takes; nothing that is known is forgotten, and ``Revocations/most`` are known at most.
  @discardableResult
  package func revoke(_ serials: some Sequence<SerialNumber>) -> [SerialNumber] {
    let known = revoked
    var room = max(0, Revocations.most - known.entries.count)
    let taken = serials.filter { serial in
      guard !known.contains(serial) else { return true }
      room -= 1
      return room >= 0
    }
    let new = Revocations(serials: taken)
    state.withLock { $0.revoked = $0.revoked.union(new) }
    endRefused()
    return taken
  }

  var revoked: Revocations { revocations().union(state.withLock { $0.revoked }) }

  var chainCheck: ChainCheck { ChainCheck(roots: credentials.roots, revocations: revoked) }
}

// MARK: - Calls that go on

extension PeerTrust {
  /// Looks once a second whether a peer whose calls go on has been revoked, or its certificate has expired, and ends
  /// those calls. Until cancelled.
  package func run(clock: any Clock<Duration> = ContinuousClock()) async throws {
    while true {
      try await clock.sleep(for: .seconds(1))
      endRefused()
    }
  }

  /// Why the peer isn't trusted any more, once it isn't; ends without an element where the task is cancelled.
  func refusals(of peer: Peer) -> AsyncStream<TrustError> {
    let (stream, end) = AsyncStream.makeStream(of: TrustError.self, bufferingPolicy: .bufferingOldest(1))
    let number = state.withLock { state in
      state.lastWatcher += 1
      state.watchers[state.lastWatcher] = Watcher(peer: peer, end: end)
      return state.lastWatcher
    }
    end.onTermination = { [weak self] _ in
      self?.state.withLock { _ = $0.watchers.removeValue(forKey: number) }
    }
    return stream
  }

  private func endRefused() {
    let watchers = state.withLock { Array($0.watchers.values) }
    guard !watchers.isEmpty else { return }
    let (revoked, now) = (revoked, now())
    for watcher in watchers {
      do throws(TrustError) {
        try revoked.check(watcher.peer)
        try watcher.peer.checkExpiry(at: now)
      } catch {
        watcher.end.yield(error)
        watcher.end.finish()
      }
    }
  }
}

// MARK: - What is shown

extension PeerTrust {
  /// The transport asks it at each handshake.
  struct Reloader: CertificateReloader {
    let trust: PeerTrust

    var sslContextConfigurationOverride: NIOSSLContextConfigurationOverride { trust.state.withLock { $0.shown } }
  }

  var reloader: Reloader { Reloader(trust: self) }
}

extension Credentials {
  fileprivate var shown: NIOSSLContextConfigurationOverride {
    get throws(TrustError) {
      do {
        var shown = NIOSSLContextConfigurationOverride()
        shown.certificateChain = try chain.map { .certificate(try NIOSSLCertificate(bytes: $0.der, format: .der)) }
        shown.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(key.pem.utf8), format: .pem))
        return shown
      } catch {
        throw TrustError(.malformed, "\(identity): the transport can't use the certificate or its key: \(error)")
      }
    }
  }
}
