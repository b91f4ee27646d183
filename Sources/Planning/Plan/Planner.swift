public import Model

/// Decides what to do with an application: from the files' values to a `Plan`.
public struct Planner: Sendable {
  let federation: Federation
  package let application: Application
  let traffic: TrafficMatrix
  let windowSeconds: Double
  let now: Timestamp
  let ignoreUnknown: Bool
  /// How many moves may be under way at the same time.
  public var moveLimits = MoveLimits()
  /// What isn't seen of the application, where more is known of that than the matrix tells.
  package var view: PartialView?
  /// The question, with names resolved.
  public let instance: PlacementInstance

  /// - Parameters:
  ///   - traffic: the application's, counted over `windowSeconds` (first placement: over a run on speed 1.0, less its
  ///     waits).
  ///   - now: where windows and the deadline count from.
  ///   - task: moves, for which every VM has a host, or a first placement, for which none has; else `.notPlaced`,
  ///     `.alreadyPlaced`.
  ///   - objective: instead of the application's.
  ///   - ignoreUnknown: leave out endpoints of the matrix that the application doesn't list; else `.unknownEndpoints`.
  public init(
    federation: Federation, application: Application, traffic: TrafficMatrix, windowSeconds: Double, now: Timestamp,
    task: PlacementInstance.Task, objective: Objective? = nil, ignoreUnknown: Bool = false
  ) throws(PlacementError) {
    self.federation = federation
    var chosen = application
    chosen.objective = objective ?? application.objective
    self.application = chosen
    self.traffic = traffic
    (self.windowSeconds, self.now, self.ignoreUnknown) = (windowSeconds, now, ignoreUnknown)
    instance = try PlacementInstance(
      federation: federation, application: chosen, traffic: traffic, windowSeconds: windowSeconds, now: now, task: task,
      ignoreUnknown: ignoreUnknown)
  }
  /// The same question of other documents; nil where they make none.
  func changed(_ federation: Federation, _ application: Application, _ traffic: TrafficMatrix) -> Planner? {
    try? Planner(
      federation: federation, application: application, traffic: traffic, windowSeconds: windowSeconds, now: now,
      task: instance.task, ignoreUnknown: ignoreUnknown)
  }
}
