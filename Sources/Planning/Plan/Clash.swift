import Model

/// Requirements that can't be satisfied together, none of which could be left out: found by leaving out as much as
/// still clashes, in halves, then one by one (a deletion filter, as for irreducible infeasible sets of linear programs:
/// Chinneck and Dravnieks, ORSA Journal on Computing 3, 1991).
package struct Clash {
  package private(set) var requirements: [Requirement]
  /// Whether each of them is known to be needed: false where a search for an answer without it ended early.
  package private(set) var isIrreducible = true
  /// Per requirement what an answer without it would break.
  package private(set) var witnesses: [Requirement: [PlacementViolation]] = [:]

  /// Sites with more hosts are named as a whole.
  static let mostHosts = 8

  /// The answer to a question with some requirements left out.
  enum Answer {
    /// Hosts of the VMs, where they were looked for.
    case placement([Int]?)
    case none
    case unknown
  }

  /// - Parameters:
  ///   - all: the requirements of a question that has no answer, what is best left out first.
  ///   - instance: that question.
  ///   - answer: to the question without the requirements given.
  init(_ all: [Requirement], in instance: PlacementInstance, answer: ([Requirement]) -> Answer) {
    requirements = all
    var left: [Requirement] = []
    reduce(all, &left, instance, answer)
    // The hosts of a small site one by one.
    for site in requirements where (2...Self.mostHosts).contains(site.refined.count) {
      requirements = requirements.flatMap { $0 == site ? site.refined : [$0] }
      for host in site.refined { reduce([host], &left, instance, answer) }
    }
  }

  /// Leaves out of `block` what isn't needed for the clash.
  private mutating func reduce(
    _ block: [Requirement], _ left: inout [Requirement], _ instance: PlacementInstance,
    _ answer: ([Requirement]) -> Answer
  ) {
    switch answer(left + block) {
    case .none:
      left += block
      requirements.removeAll(where: Set(block).contains)
    case .placement where block.count > 1, .unknown where block.count > 1:
      reduce(Array(block[..<(block.count / 2)]), &left, instance, answer)
      reduce(Array(block[(block.count / 2)...]), &left, instance, answer)
    case .placement(let placement):
      for requirement in block {
        witnesses[requirement] = placement.map { PlacementEvaluation(of: $0, in: instance).violations }
      }
    case .unknown: isIrreducible = false
    }
  }
}
