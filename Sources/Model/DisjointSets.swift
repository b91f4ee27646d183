/// Sets that share a member, directly or through others, made one.
package enum DisjointSets {
  /// Union-find with path halving: Tarjan and van Leeuwen, "Worst-case analysis of set union algorithms", Journal of
  /// the ACM 31, 1984.
  ///
  /// - Parameters:
  ///   - sets: of members 0 ..< `count`.
  /// - Returns: every member once, sets and their members by rising number.
  package static func merged(_ sets: [[Int]], count: Int) -> [[Int]] {
    var root = Array(0..<count)
    func find(_ member: Int) -> Int {
      var member = member
      while root[member] != member {
        root[member] = root[root[member]]
        member = root[member]
      }
      return member
    }
    for set in sets {
      for member in set { root[find(member)] = find(set[0]) }
    }
    return Dictionary(grouping: 0..<count, by: find).values.sorted { $0[0] < $1[0] }
  }
}
