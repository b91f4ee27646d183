internal import GRPCCore
package import Model
package import Trust
package import Wire

/// The controller while it leads, for what runs beside it in the same process: what operators may ask of it, and what it
/// is asked through.
package struct LeadingController: Sendable {
  let control: ControlService
  /// As who it is known, and by what it knows others; nil: all is in clear.
  package let trust: PeerTrust?

  package func overview(_ request: Transhumance_V1_OverviewRequest) async -> OverviewReply {
    await control.decider.overview(request)
  }

  package func periods(_ request: Transhumance_V1_PeriodsRequest) async -> Transhumance_V1_PeriodsReply {
    await control.answers.periods(request)
  }

  /// - Returns: a refusal, or a header and what follows it.
  /// - Throws: `ControlRefusal`
  package func query(_ request: QueryRequest) async throws -> any Sequence<QueryReply> & Sendable {
    try await refusing { try await control.answers.replies(to: request) }
  }

  package func events(since: Timestamp, follow: Bool) -> AsyncStream<ControllerEvent> {
    control.decider.events.events(since: since, follow: follow)
  }

  /// - Throws: `ControlRefusal`
  package func decide(_ request: Transhumance_V1_PlanDecision) async throws -> PlanRecord {
    try await refusing { try await control.decide(request) }
  }

  /// - Throws: `ControlRefusal`
  package func pause(_ request: Transhumance_V1_PauseRequest) async throws {
    _ = try await refusing { try await control.pause(request) }
  }

  /// - Throws: `ControlRefusal`
  package func drain(_ request: Transhumance_V1_DrainRequest) async throws -> Transhumance_V1_DrainReply {
    try await refusing { try await control.drain(request) }
  }

  private func refusing<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch let error as RPCError {
      throw ControlRefusal(error)
    }
  }
}

/// Why something that was asked of the controller isn't done.
package struct ControlRefusal: Error, Hashable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// There is nothing of that name.
    case missing
    /// It can't be meant.
    case invalid
    /// As things are now.
    case refused
    /// Something doesn't work as it should.
    case failed
  }

  package var kind: Kind
  package var description: String

  package init(_ kind: Kind, _ description: String) {
    (self.kind, self.description) = (kind, description)
  }

  init(_ error: RPCError) {
    kind =
      switch error.code {
      case .notFound: .missing
      case .invalidArgument: .invalid
      case .failedPrecondition: .refused
      default: .failed
      }
    description = error.message
  }
}
