internal import GRPCCore
internal import Wire

/// What operators may ask of the controller.
struct ControlService: ControlAPI.SimpleServiceProtocol {
  let decider: Decider
  let collector: Collector

  var answers: CollectedAnswers {
    CollectedAnswers(collector: collector, federation: { [decider] in await decider.federation.federation })
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
    try await apply(request, response)
  }

  func remove(
    request: Transhumance_V1_ApplicationReference, context: ServerContext
  ) async throws -> Transhumance_V1_Acknowledgement {
    try await remove(request)
  }

  func overview(
    request: Transhumance_V1_OverviewRequest, context: ServerContext
  ) async throws -> Transhumance_V1_OverviewReply {
    try await overview(request)
  }

  func decide(request: Transhumance_V1_PlanDecision, context: ServerContext) async throws -> Transhumance_V1_PlanRecord {
    try await decide(request)
  }

  func pause(
    request: Transhumance_V1_PauseRequest, context: ServerContext
  ) async throws -> Transhumance_V1_Acknowledgement {
    try await pause(request)
  }

  func drain(request: Transhumance_V1_DrainRequest, context: ServerContext) async throws -> Transhumance_V1_DrainReply {
    try await drain(request)
  }

  func events(
    request: Transhumance_V1_EventsRequest, response: RPCWriter<Transhumance_V1_Event>, context: ServerContext
  ) async throws {
    try await events(request, response)
  }
}
