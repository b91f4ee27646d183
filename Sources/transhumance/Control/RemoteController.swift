import Agent
import GRPCCore
import GRPCNIOTransportHTTP2
import Linux
import Model
import Trust

/// A controller that is asked over the network, in the name of an operator's certificate.
struct RemoteController {
  var address: DialAddress
  var source: OperatorCertificate.Source

  typealias Client = GRPCClient<HTTP2ClientTransport.Posix>

  /// Connects, runs the body, and says in plain words what keeps the controller from answering.
  func ask<Result: Sendable>(_ body: @Sendable @escaping (Client) async throws -> Result) async throws -> Result {
    let credentials = try credentials()
    let refusals = CollectedRefusals()
    let security = try security(credentials, refusals)
    do {
      return try await withGRPCClient(
        transport: .http2NIOPosix(target: address.target, transportSecurity: security)
      ) { client in
        await renew(credentials, over: client)
        return try await body(client)
      }
    } catch let error as RPCError {
      throw failure(error, refusals.first)
    }
  }

  // Not inlined: what throws `TrustError` by its type crashes swift 6.3.1's optimizer where something is waited for.

  @inline(never) private func security(
    _ credentials: Credentials, _ refusals: CollectedRefusals
  ) throws -> HTTP2ClientTransport.Posix.TransportSecurity {
    do {
      let revoked = try revocations()
      return try PeerTrust(
        credentials, revocations: { revoked }, now: { .now }, refused: { line in refusals.add(line) }
      ).clientSecurity(expecting: .controller)
    } catch {
      throw CommandFailure(message: "\(error)")
    }
  }

  /// Of the list beside the credentials, where there is one: a copy of the authority's.
  private func revocations() throws(TrustError) -> Revocations {
    guard case .folder(let path) = source else { return Revocations() }
    return try AuthorityFolder(path: path).wholeRevocations()
  }

  @inline(never) private func credentials() throws -> Credentials {
    do {
      let credentials =
        switch source {
        case .folder(let path): try Credentials.load(folder: path)
        case .files(let certificate, let key, let authority):
          try Credentials.load(certificate: certificate, key: key, authorities: authority)
        }
      try credentials.peer.require(.operator)
      try credentials.peer.checkExpiry(at: .now)
      return credentials
    } catch where error.code == .file || error.code == .malformed {
      throw CommandFailure(message: "\(error)")
    } catch {
      throw CommandFailure(
        message:
          "\(error): `transhumance ca issue operator NAME --credentials FOLDER` makes an operator's certificate, where "
          + "the authority is; give the folder here with --cert-dir")
    }
  }

  /// In time, where it lies in a folder; what it is used for comes first.
  private func renew(_ credentials: Credentials, over client: Client) async {
    guard case .folder(let path) = source else { return }
    var generator = SystemRandomNumberGenerator()
    guard credentials.renewal(using: &generator).action(at: .now) == .renew else { return }
    do {
      try save(await credentials.renewed(over: client), path)
    } catch {
      // Not reached at all: then the command says so.
      if let error = error as? RPCError, error.code == .unavailable { return }
      Terminal.printWarning("your certificate, which ends at \(credentials.notAfter), can't be renewed: \(error)")
    }
  }

  @inline(never) private func save(_ credentials: Credentials, _ path: String) throws {
    try credentials.save(folder: path)
  }

  /// - Parameter refusal: why the server wasn't believed.
  private func failure(_ error: RPCError, _ refusal: String?) -> CommandFailure {
    if let refusal {
      return CommandFailure(
        message: "\(address) isn't the controller: \(refusal)")
    }
    return CommandFailure(
      error, of: "the controller at \(address)",
      silence: "doesn't answer, or doesn't let you in (its log has the reason).")
  }
}
