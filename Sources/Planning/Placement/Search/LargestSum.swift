/// The largest of many sums `value + factor · common`, kept up to date as values change one by one: a tournament tree
/// of the values, in which a change climbs as far as it matters.
package struct LargestSum: Sendable {
  private let size: Int
  /// Node 1 is the root, the leaves begin at `size`; each the larger of its two children.
  private var values: [Double]
  /// The same of the factors, which never change; empty where all are alike.
  private let factors: [Double]
  private let factor: Double

  /// - Parameter factors: not below 0.
  package init(factors leaves: [Double]) {
    var size = 1
    while size < leaves.count { size *= 2 }
    self.size = size
    values = [Double](repeating: -.infinity, count: 2 * size)
    factor = leaves.first ?? 0
    guard leaves.contains(where: { [factor] in $0 != factor }) else {
      factors = []
      return
    }
    var factors = [Double](repeating: 0, count: 2 * size)
    for index in leaves.indices { factors[size + index] = leaves[index] }
    for node in stride(from: size - 1, to: 0, by: -1) { factors[node] = max(factors[2 * node], factors[2 * node + 1]) }
    self.factors = factors
  }

  package mutating func replace(_ leaves: [Double]) {
    for index in leaves.indices { values[size + index] = leaves[index] }
    for node in stride(from: size - 1, to: 0, by: -1) { values[node] = max(values[2 * node], values[2 * node + 1]) }
  }

  package mutating func set(_ index: Int, _ value: Double) {
    var node = size + index
    values[node] = value
    while node > 1 {
      node /= 2
      let largest = max(values[2 * node], values[2 * node + 1])
      if values[node] == largest { return }
      values[node] = largest
    }
  }

  package func largest(with common: Double) -> Double {
    if factors.isEmpty { return values[1] + factor * common }
    return find(with: common).value
  }

  /// Index of one of the largest.
  package func indexOfLargest(with common: Double) -> Int { find(with: common).node - size }

  private func find(with common: Double) -> (node: Int, value: Double) {
    var best = (node: size, value: -Double.infinity)
    look(1, common, &best)
    return best
  }

  private func bound(_ node: Int, _ common: Double) -> Double {
    values[node] + (factors.isEmpty ? factor : factors[node]) * common
  }

  /// Looks below a node, the more promising child first, where that can hold something larger.
  private func look(_ node: Int, _ common: Double, _ best: inout (node: Int, value: Double)) {
    let bound = bound(node, common)
    if bound <= best.value { return }
    if node >= size {
      best = (node, bound)
      return
    }
    let (left, right) = (2 * node, 2 * node + 1)
    let isLeft = self.bound(left, common) >= self.bound(right, common)
    look(isLeft ? left : right, common, &best)
    look(isLeft ? right : left, common, &best)
  }
}
