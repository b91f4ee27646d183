/// Which elements of a placement have changed since it was copied last: a copy of the best one so far, taken again and
/// again as it gets better, costs as much as there were changes, and not as there are VMs.
package struct ChangeLog {
  private var changed: [Int] = []
  private let most: Int

  /// - Parameter count: of the placement's elements; so many changes cost no less than a copy of all.
  package init(count: Int) {
    most = count
    changed.reserveCapacity(count + 1)
  }

  package mutating func note(_ index: Int) {
    if changed.count <= most { changed.append(index) }
  }

  /// Brings a copy up to date.
  package mutating func update(_ copy: inout [Int], to placement: [Int]) {
    if changed.count > most {
      for index in copy.indices { copy[index] = placement[index] }
    } else {
      for index in changed { copy[index] = placement[index] }
    }
    changed.removeAll(keepingCapacity: true)
  }
}
