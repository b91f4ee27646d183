internal import HTTPTypes
internal import Hummingbird
internal import Model
package import Trust

/// Decides who may ask at all.
package enum Admission: Sendable {
  /// Who has a token that is good at this moment.
  case tokens(WatchedFile<APITokens>)
  /// Anybody who can connect; for seeing only.
  case open

  /// - Parameter address: of the other end.
  /// - Throws: 401; 403 where nobody may do it here.
  func admit(_ head: HTTPRequest, _ route: Route?, from address: String, at now: Timestamp) throws -> Caller {
    switch self {
    case .open:
      try Self.requireLiteral(head.authority)
      guard route?.isAction != true else {
        throw APIError(
          .forbidden, "here one can only look: acting takes a token, which a controller with --cert-dir knows")
      }
      return Caller(at: address)
    case .tokens(let file):
      guard let header = head.headerFields[.authorization] else {
        throw APIError.unauthorized("a token is needed: Authorization: Bearer …", code: nil)
      }
      guard let token = APIToken(authorization: header) else {
        throw APIError.unauthorized("Authorization has no token of the form Bearer abcdef.…", code: "invalid_token")
      }
      return Caller(try Self.record(of: token, in: file, at: now))
    }
  }

  /// Why whoever was admitted wouldn't be now; nil: would.
  @inline(never) func refusal(of head: HTTPRequest, from address: String, at now: Timestamp) -> String? {
    do {
      _ = try admit(head, nil, from: address, at: now)
      return nil
    } catch {
      return (error as? APIError)?.message ?? "\(error)"
    }
  }

  private static func record(
    of token: APIToken, in file: WatchedFile<APITokens>, at now: Timestamp
  ) throws -> APITokenRecord {
    do throws(TrustError) {
      return try file.current.check(token, at: now)
    } catch {
      throw APIError.unauthorized(error.description, code: "invalid_token")
    }
  }

  /// A web page whose name was made to lead here (DNS rebinding) has that name in its requests.
  private static func requireLiteral(_ authority: String?) throws {
    guard var host = authority.map({ Substring($0) }) else { return }
    if host.first == "[" {
      host = host.dropFirst().prefix { $0 != "]" }
    } else if let colon = host.lastIndex(of: ":") {
      host = host[..<colon]
    }
    guard IPAddress(host) == nil, host.lowercased() != "localhost" else { return }
    throw APIError(.forbidden, "without tokens this is asked by its address, or as localhost, not by a name")
  }
}
