import ArgumentParser
import GRPCCore
import GRPCNIOTransportHTTP2
import SwiftProtobuf
import Wire

/// Which controller to ask, of every command that is about applications and plans.
struct ControllerOptions: ParsableArguments {
  @Option(
    name: .customLong("controller"),
    help: ArgumentHelp(
      "The controller to ask: its Unix socket here, or HOST[:PORT] with an operator's certificate; the socket that "
        + "~/.config/transhumance/context.json names unless given (`lab up` writes it).", valueName: "path or host"),
    completion: .file(), transform: ControllerPlace.init(reading:))
  var place: ControllerPlace?
  @OptionGroup var certificate: OperatorCertificate

  typealias Client = ControlAPI.Client<HTTP2ClientTransport.Posix>

  /// Connects, runs the body, and says in plain words what keeps the controller from answering.
  func withController<Result: Sendable>(
    _ body: @Sendable @escaping (Client) async throws -> Result
  ) async throws -> Result {
    switch try place ?? .socket(OperatorContext.controllerSocket()) {
    case .socket(let path):
      return try await ServiceSocket(path: path, service: "controller", log: "its log").ask {
        try await body(Client(wrapping: $0))
      }
    case .remote(let address):
      return try await RemoteController(address: address, source: certificate.source).ask {
        try await body(Client(wrapping: $0))
      }
    }
  }

  func validate() throws {
    guard certificate.isEmpty || place?.isRemote == true else {
      throw ValidationError("--cert, --key, --cacert and --cert-dir go with --controller HOST[:PORT].")
    }
  }

  /// - Parameter plan: of which the document is wanted, too; then only that one is told.
  func overview(plan: String = "") async throws -> OverviewReply {
    let request = Transhumance_V1_OverviewRequest.with { $0.plan = plan }
    return try await withController { try await $0.overview(request, options: AgentOptions.within(.seconds(10))) }
  }

  /// Asks, and hands each message to a closure as it comes.
  ///
  /// - Parameters:
  ///   - patience: for all of the answer.
  ///   - result: what the closure changes, which is returned in the end.
  func query<Result: Sendable>(
    _ request: QueryRequest, within patience: Duration, into result: Result,
    _ take: @Sendable @escaping (inout Result, QueryReply) throws -> Void
  ) async throws -> Result {
    try await withController { client in
      try await client.query(request, options: AgentOptions.within(patience)) { response in
        var result = result
        for try await message in response.messages { try take(&result, message) }
        return result
      }
    }
  }

  /// Asks, and puts the whole answer together.
  func query(_ request: QueryRequest, within patience: Duration) async throws -> QueryResult {
    try await query(request, within: patience, into: QueryResult()) { $0.take($1) }
  }

  /// The closed periods that the controller holds in memory, the oldest first.
  ///
  /// - Parameters:
  ///   - last: only the newest so many; nil: all.
  ///   - places: with where VMs were.
  func periods(last: Int? = nil, places: Bool = false) async throws -> Transhumance_V1_PeriodsReply {
    let request = Transhumance_V1_PeriodsRequest.with {
      $0.last = UInt32(clamping: last ?? 0)
      $0.places = places
    }
    return try await withController { try await $0.periods(request, options: AgentOptions.within(.seconds(10))) }
  }

  /// Those that are kept, the oldest first.
  ///
  /// - Parameter since: nanoseconds since 1970 UTC.
  func events(since: Int64 = 0) async throws -> [ControllerEvent] {
    let request = Transhumance_V1_EventsRequest.with { $0.since = since }
    return try await withController { client in
      try await client.events(request, options: AgentOptions.within(.seconds(10))) { answer in
        var events: [ControllerEvent] = []
        for try await event in answer.messages { events.append(event) }
        return events
      }
    }
  }
}
