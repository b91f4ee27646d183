import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import SwiftProtobuf
import Synchronization
import Wire

/// An agent and a controller, on one socket, that know what a test tells them and do nothing else.
struct StandInServices {
  var list = ListReply()
  var overview = OverviewReply()
  /// One after another, the last again and again.
  var periods: [Transhumance_V1_PeriodsReply] = []
  /// The answer to any query, of the span that it has.
  var query: [QueryReply] = []
  var events: [ControllerEvent] = []
  /// The answer to whoever asks for events again; nil: they are told again.
  var refusal: RPCError.Code?

  /// Serves for as long as the body runs.
  func serve<Result: Sendable>(
    _ body: @Sendable @escaping (_ socket: String) async throws -> Result
  ) async throws -> Result {
    let services = self
    return try await withTemporaryFolder { folder in
      let socket = folder.path + "/services.sock"
      return try await withGRPCServer(
        transport: .http2NIOPosix(address: .unixDomainSocket(path: socket), transportSecurity: .plaintext),
        services: [Agent(reply: services.list), Controller(services)]
      ) { server in
        _ = try await server.listeningAddress
        return try await body(socket)
      }
    }
  }

  private struct Agent: OperatorAPI.SimpleServiceProtocol {
    let reply: ListReply

    func list(request: Transhumance_V1_ListRequest, context: ServerContext) async throws -> ListReply { reply }

    func migrate(
      request: MigrateRequest, response: RPCWriter<MigrateProgress>, context: ServerContext
    ) async throws {
      guard request.despiteManager else { throw Self.idle }
      throw RPCError(code: .unimplemented, message: "it only tells, despite the manager")
    }

    func cancel(
      request: Transhumance_V1_VMReference, context: ServerContext
    ) async throws -> Transhumance_V1_Acknowledgement { throw Self.idle }

    /// Of the host of which it first tells, which was held before with the reason `before`; the move of vm2 goes on.
    func hold(
      request: Transhumance_V1_HoldRequest, context: ServerContext
    ) async throws -> Transhumance_V1_HoldReply {
      .with {
        $0.host = reply.hosts.first?.name ?? ""
        $0.before = .with { ($0.reason, $0.by, $0.since) = ("before", "somebody", 1_795_535_160_000_000_000) }
        guard !request.undo else { return }
        $0.hold = .with { ($0.reason, $0.by, $0.since) = (request.reason, request.by, 1_795_535_160_000_000_000) }
        $0.moving = ["vm2"]
      }
    }

    private static let idle = RPCError(code: .unimplemented, message: "it only tells")
  }

  private final class Controller: ControlAPI.SimpleServiceProtocol {
    private let services: StandInServices
    private let asked = Mutex(0)
    private let hasTold = Mutex(false)

    init(_ services: StandInServices) {
      self.services = services
    }

    func overview(request: Transhumance_V1_OverviewRequest, context: ServerContext) async throws -> OverviewReply {
      services.overview
    }

    func query(request: QueryRequest, response: RPCWriter<QueryReply>, context: ServerContext) async throws {
      for message in services.query {
        var message = message
        if case .header? = message.content { (message.header.start, message.header.end) = (request.start, request.end) }
        try await response.write(message)
      }
    }

    func periods(
      request: Transhumance_V1_PeriodsRequest, context: ServerContext
    ) async throws -> Transhumance_V1_PeriodsReply {
      let number = asked.withLock { asked in
        defer { asked += 1 }
        return asked
      }
      return services.periods.isEmpty ? .init() : services.periods[min(number, services.periods.count - 1)]
    }

    func apply(
      request: Transhumance_V1_ApplyRequest, response: RPCWriter<Transhumance_V1_ApplyProgress>, context: ServerContext
    ) async throws { throw Self.idle }

    func remove(
      request: Transhumance_V1_ApplicationReference, context: ServerContext
    ) async throws -> Transhumance_V1_Acknowledgement { throw Self.idle }

    func decide(request: Transhumance_V1_PlanDecision, context: ServerContext) async throws -> PlanRecord {
      throw Self.idle
    }

    func pause(
      request: Transhumance_V1_PauseRequest, context: ServerContext
    ) async throws -> Transhumance_V1_Acknowledgement { throw Self.idle }

    func drain(
      request: Transhumance_V1_DrainRequest, context: ServerContext
    ) async throws -> Transhumance_V1_DrainReply { throw Self.idle }

    func events(
      request: Transhumance_V1_EventsRequest, response: RPCWriter<ControllerEvent>, context: ServerContext
    ) async throws {
      let isAgain = hasTold.withLock { hasTold in
        defer { hasTold = true }
        return hasTold
      }
      if isAgain, let code = services.refusal { throw RPCError(code: code, message: "not any more") }
      for event in services.events where event.time >= request.since { try await response.write(event) }
    }

    private static let idle = RPCError(code: .unimplemented, message: "it only tells")
  }
}
