public import Model

/// Finds the communication groups of a traffic matrix. Any matrix and any figures give a result.
///
/// VMs are all endpoints of the matrix that can be one machine (no multicast, broadcast or unspecified address).
///
/// - `leiden`: *negligible* traffic leaves all VMs ungrouped; a best division under the bound on modularity makes *one*
///   group of all VMs that exchange anything; else the groups are that division's, those divided further that hold
///   several (see `WeightedGraph.resolved(_:seed:)`).
/// - `report`: the groups are the report's whatever the bounds are, since it knows none; the outcome is *negligible* by
///   the same bound, else *one* if there is a single group, else *partition*.
///
/// A matrix in which nothing is exchanged is *negligible*; any other without a window isn't.
public func communicationGroups(
  of matrix: TrafficMatrix, method: Grouping.Method = .leiden, measure: Measure = .messages, factor: Double = 0.5,
  bounds: Grouping.Bounds = Grouping.Bounds()
) -> Grouping {
  let graph = TrafficGraph(of: matrix, by: measure)
  let rate = graph.packetsPerVMAndSecond(windowSeconds: matrix.windowSeconds)
  let isNegligible = graph.edges.totalWeight == 0 || rate.map { $0 < bounds.packetsPerVMAndSecond } ?? false
  let best: Partition
  switch method {
  case .report: best = graph.reportGroups(factor: factor)
  case .leiden: best = graph.edges.bestPartition()
  }
  let bestModularity = graph.edges.modularity(of: best)

  let outcome: Grouping.Outcome
  let taken: Partition
  switch method {
  case .report:
    outcome = isNegligible ? .negligible : best.count == 1 ? .one : .partition
    taken = best
  case .leiden where isNegligible:
    outcome = .negligible
    taken = Partition(ungrouped: graph.vertices.count)
  case .leiden where bestModularity < bounds.modularity || best.count < 2:
    outcome = .one
    taken = graph.edges.oneGroup()
  case .leiden:
    outcome = .partition
    taken = graph.edges.resolved(best)
  }
  let (members, ungrouped) = graph.members(of: taken)
  return Grouping(
    method: method, measure: measure, factor: factor, bounds: bounds, outcome: outcome, members: members,
    ungrouped: ungrouped, cutShare: graph.edges.cutShare(of: taken), modularity: graph.edges.modularity(of: taken),
    bestModularity: bestModularity, packetsPerVMAndSecond: rate)
}
