internal import GRPCCore
internal import Model
internal import Wire

extension ControlService {
  /// Who asks.
  private func caller(_ stated: String) -> String { Caller.name(claimed: stated.asPerson) }

  func apply(_ request: Transhumance_V1_ApplyRequest, _ response: RPCWriter<Transhumance_V1_ApplyProgress>) async throws {
    try await decider.apply(request, by: caller(request.by)) { try await response.write($0) }
  }

  func remove(_ reference: Transhumance_V1_ApplicationReference) async throws -> Transhumance_V1_Acknowledgement {
    let by = caller(reference.by)
    try await refusing {
      guard reference.name.isEmpty, !reference.calibration.isEmpty else {
        return try await decider.remove(reference.name, by: by)
      }
      try await decider.forgetCalibration(asked: reference.calibration, by: by)
    }
    return .init()
  }

  func overview(_ request: Transhumance_V1_OverviewRequest) async throws -> OverviewReply {
    await decider.overview(request)
  }

  func decide(_ request: Transhumance_V1_PlanDecision) async throws -> PlanRecord {
    try await refusing {
      try await decider.decide(request.plan, approve: request.approve, by: caller(request.by))
    }
  }

  func pause(_ request: Transhumance_V1_PauseRequest) async throws -> Transhumance_V1_Acknowledgement {
    try await refusing { try await decider.setPause(request, by: caller(request.by)) }
    return .init()
  }

  func drain(_ request: Transhumance_V1_DrainRequest) async throws -> Transhumance_V1_DrainReply {
    try await refusing { try await decider.drain(request, by: caller(request.by)) }
  }

  func events(_ request: Transhumance_V1_EventsRequest, _ response: RPCWriter<ControllerEvent>) async throws {
    let events = decider.events.events(since: Timestamp(nanoseconds: request.since), follow: request.follow)
    for await event in events where request.application.isEmpty || event.application == request.application {
      try await response.write(event)
    }
  }

  /// A refusal in its own words.
  private func refusing<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch let refusal as Decider.Refusal {
      throw RPCError(code: .failedPrecondition, message: refusal.description)
    }
  }
}
