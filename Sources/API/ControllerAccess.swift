package import Controller
package import Model
package import Wire

/// What the API asks of the controller.
package protocol ControllerAccess: Sendable {
  func overview(_ request: Transhumance_V1_OverviewRequest) async -> OverviewReply
  func periods(_ request: Transhumance_V1_PeriodsRequest) async -> Transhumance_V1_PeriodsReply
  func query(_ request: QueryRequest) async throws -> any Sequence<QueryReply> & Sendable
  func events(since: Timestamp, follow: Bool) -> AsyncStream<ControllerEvent>
  func decide(_ request: Transhumance_V1_PlanDecision) async throws -> PlanRecord
  func pause(_ request: Transhumance_V1_PauseRequest) async throws
  func drain(_ request: Transhumance_V1_DrainRequest) async throws -> Transhumance_V1_DrainReply
}

extension LeadingController: ControllerAccess {}
