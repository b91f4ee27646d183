public import Model

/// What is known of a move, for operators.
public struct MoveReport: Hashable, Sendable {
  public struct Step: Hashable, Sendable {
    public var step: MoveStep
    public var at: Timestamp

    public init(step: MoveStep, at: Timestamp) {
      self.step = step
      self.at = at
    }
  }

  public var request: MoveRequest
  /// In the order in which they came: a destination that answers late may have the VM running before it is redirected.
  public internal(set) var steps: [Step] = []
  /// Nil while it goes on.
  public internal(set) var result: MoveResult?
  /// When the result was certain.
  public internal(set) var endedAt: Timestamp?
  /// Empty where all went well.
  public internal(set) var reason = ""
  /// Hosts that hadn't acknowledged the last entry when it was called settled; they get it when they connect.
  public internal(set) var silentHosts: [String] = []

  public init(request: MoveRequest) {
    self.request = request
  }

  /// When the step was reached.
  public func time(of step: MoveStep) -> Timestamp? { steps.first { $0.step == step }?.at }

  mutating func add(_ step: MoveStep, at time: Timestamp) -> Bool {
    guard self.time(of: step) == nil else { return false }
    steps.append(Step(step: step, at: time))
    return true
  }
}
