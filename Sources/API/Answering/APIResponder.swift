internal import Controller
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Model
internal import NIOCore
internal import NIOHTTP1
internal import Trust

/// Answers requests: decides who asks, what about, and whether it may; then asks the controller.
struct APIResponder: HTTPResponder {
  typealias Context = Connection

  let controller: any ControllerAccess
  let admission: Admission
  let limits: APILimits
  let slots: Slots
  let followers: Slots
  let refused: RefusalLines
  let now: @Sendable () -> Timestamp

  /// The connection that a request came by.
  struct Connection: InitializableFromSource {
    /// Of the other end.
    var address: String
    /// Closes it, whatever is written to it just then.
    var close: @Sendable () -> Void

    init(source: ApplicationRequestContextSource) {
      let channel = source.channel
      address = channel.remoteAddress?.ipAddress ?? "an unknown address"
      close = { channel.close(promise: nil) }
    }
  }

  @Sendable func respond(to request: Request, context: Connection) async throws -> Response {
    let response = try await whole(request, context)
    // The server would send its body.
    return request.method == .head ? response.createHeadResponse() : response
  }

  private func whole(_ request: Request, _ context: Connection) async throws -> Response {
    do {
      return try await answer(request, context)
    } catch {
      guard let refusal = Self.refusal(error) else { throw error }
      note(refusal, of: request.head, from: context.address)
      return refusal.response
    }
  }

  private func answer(_ request: Request, _ connection: Connection) async throws -> Response {
    let asked = try Asked(request.head, request.uri, from: connection.address, by: admission, at: now())
    // Of somebody without a token, of whom nothing is looked up.
    guard let caller = asked.caller else { return .json(HealthDocument()) }
    // Others have theirs until all is written.
    let slot = try asked.route.isAction || asked.route == .health ? slots.take(for: caller) : nil
    defer { withExtendedLifetime(slot) {} }
    switch asked.route {
    case .health: return await health(caller)
    case .events: return try await events(asked, caller, connection)
    case .statistics: return try await statistics(asked, caller, request.body)
    case .applications: return try await applications(asked, caller)
    case .plans: return try await plans(asked, caller)
    case .plan(let name): return try await plan(name, asked, caller)
    case .hosts: return try await hosts(asked, caller)
    case .sites: return try await sites(asked, caller)
    case .periods: return try await periods(asked, caller)
    case .pause(let name, let resume): return try await pause(name, resume, asked, caller, request.body)
    case .decide(let name, let approve): return try await decide(name, approve, asked, caller, request.body)
    case .drain(let name, let undo): return try await drain(name, undo, asked, caller, request.body)
    }
  }

  // MARK: - Refusals

  /// Nil where the connection is to end, with an answer that the server knows or without one.
  @inline(never) private static func refusal(_ error: any Error) -> APIError? {
    switch error {
    case let error as APIError: error
    case let error as ControlRefusal: APIError(error)
    case is NIOTooManyBytesError: APIError(.contentTooLarge, "the request's body is too long")
    case is CancellationError, is HTTPParserError, is ChannelError: nil
    default: APIError(causedBy: "\(error)")
    }
  }

  private func note(_ refusal: APIError, of head: HTTPRequest, from address: String) {
    // The query may have anything in it, also what its writer would rather not have in a log.
    let path = (head.path ?? "").prefix { $0 != "?" }.prefix(100)
    let line = path.unicodeScalars.map { $0.isASCII && $0.value > 0x20 && $0.value < 0x7f ? String($0) : "?" }.joined()
    refused.add(
      "refused \(head.method.rawValue) \(line) from \(address): \(refusal.status.code), "
        + (refusal.cause ?? refusal.message).onOneLine)
  }
}

extension APIError {
  fileprivate init(_ refusal: ControlRefusal) {
    let status: HTTPResponse.Status =
      switch refusal.kind {
      case .missing: .notFound
      case .invalid: .badRequest
      case .refused: .conflict
      case .failed: .internalServerError
      }
    self.init(status, refusal.description)
  }

  fileprivate init(causedBy cause: String) {
    self.init(.internalServerError, "the controller failed at this; its log says why")
    self.cause = cause
  }
}
