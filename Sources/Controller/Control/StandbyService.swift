internal import GRPCCore
internal import Storage
internal import Wire

/// What operators may ask of a controller that stands by: what was collected. For all else it names the one that leads.
struct StandbyService: ControlAPI.SimpleServiceProtocol {
  let answers: CollectedAnswers
  let leader: Leader

  private var refusal: RPCError {
    RPCError(
      code: .failedPrecondition,
      message: "this controller stands by, and tells only what was collected: \(leader.holder) leads, ask it")
  }

  func query(
    request: Transhumance_V1_QueryRequest, response: RPCWriter<Transhumance_V1_QueryReply>, context: ServerContext
  ) async throws {
    try await answers.answer(request) { try await response.write($0) }
  }

  func periods(
    request: Transhumance_V1_PeriodsRequest, context: ServerContext
  ) async throws -> Transhumance_V1_PeriodsReply {
    await answers.periods(request)
  }

  func apply(
    request: Transhumance_V1_ApplyRequest, response: RPCWriter<Transhumance_V1_ApplyProgress>, context: ServerContext
  ) async throws {
    throw refusal
  }

  func remove(
    request: Transhumance_V1_ApplicationReference, context: ServerContext
  ) async throws -> Transhumance_V1_Acknowledgement {
    throw refusal
  }

  func overview(
    request: Transhumance_V1_OverviewRequest, context: ServerContext
  ) async throws -> Transhumance_V1_OverviewReply {
    throw refusal
  }

  func decide(request: Transhumance_V1_PlanDecision, context: ServerContext) async throws -> Transhumance_V1_PlanRecord {
    throw refusal
  }

  func pause(
    request: Transhumance_V1_PauseRequest, context: ServerContext
  ) async throws -> Transhumance_V1_Acknowledgement {
    throw refusal
  }

  func drain(request: Transhumance_V1_DrainRequest, context: ServerContext) async throws -> Transhumance_V1_DrainReply {
    throw refusal
  }

  func events(
    request: Transhumance_V1_EventsRequest, response: RPCWriter<Transhumance_V1_Event>, context: ServerContext
  ) async throws {
    throw refusal
  }
}
