/// A division of a graph's vertices into groups.
public struct Partition: Hashable, Sendable {
  /// The group of each vertex, numbered from 0 in the order of their first vertices; −1: in none.
  public let groups: [Int32]
  /// How many groups there are.
  public let count: Int

  /// Takes any numbers ≥ 0 for groups, and negative ones for vertices in none.
  public init(groups: [Int32]) {
    var numbers: [Int32: Int32] = [:]
    self.groups = groups.map { group in
      if group < 0 { return -1 }
      if let number = numbers[group] { return number }
      let number = Int32(numbers.count)
      numbers[group] = number
      return number
    }
    count = numbers.count
  }

  /// That many vertices, all in no group.
  init(ungrouped count: Int) {
    groups = Array(repeating: -1, count: count)
    self.count = 0
  }

  /// The vertices of each group, ascending.
  func members() -> [[Int32]] {
    var members = [[Int32]](repeating: [], count: count)
    for (vertex, group) in groups.enumerated() where group >= 0 { members[Int(group)].append(Int32(vertex)) }
    return members
  }
}
