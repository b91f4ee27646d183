import Model

extension Plan {
  /// What moves are to save, as shares of the present run time: of a coupled application at the VM that is the slowest
  /// afterwards, whose σ is that of all; of an independent one on average.
  public struct Saving: Hashable, Sendable, Codable {
    /// Of waiting for messages and of links.
    public var waits: Double
    /// By faster cores.
    public var compute: Double
    /// What a wait was taken to count of what the formula says.
    public var waitFactor: Double
  }
}

extension Plan.Saving {
  init(from before: PlacementEvaluation, to after: PlacementEvaluation, in instance: PlacementInstance) {
    let slowest = instance.vmsByName.max { after.slowdowns[$0].total < after.slowdowns[$1].total }
    let vms = instance.coupling == .coupled ? [slowest].compactMap(\.self) : Array(instance.vms.indices)
    func saved(_ part: (PlacementEvaluation.Slowdown) -> Double) -> Double {
      vms.reduce(0) { $0 + part(before.slowdowns[$1]) - part(after.slowdowns[$1]) } / Double(max(1, vms.count))
    }
    self.init(
      waits: saved { $0.waitFactor * ($0.wait + $0.link) }, compute: saved(\.compute), waitFactor: instance.waitFactor)
  }
}
