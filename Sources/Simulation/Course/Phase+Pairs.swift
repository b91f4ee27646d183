internal import Model
internal import Planning

extension Scenario.Phase {
  /// The pairs of `count` VMs that talk, each differing by up to `jitter`.
  func pairs(of count: Int, jitter: Double, random: inout SplitMix64) -> [Job.Pair] {
    let order = isShuffled ? random.permutation(of: count).map(Int.init) : Array(0..<count)
    var pairs: [Job.Pair] = []
    func add(_ first: Int, _ second: Int, share: Double = 1) {
      let (one, other) = (order[first], order[second])
      let factor = random.factor(jitter) * share
      pairs.append(
        Job.Pair(
          first: min(one, other), second: max(one, other), waits: waitsPerSecond * factor,
          bytes: bytesPerSecond * factor))
    }
    guard count > 1 else { return [] }
    switch structure {
    case .groups:
      for start in stride(from: 0, to: count, by: groupSize) {
        let group = start..<min(count, start + groupSize)
        for first in group { for second in group where second > first { add(first, second) } }
        let next = start + groupSize
        guard acrossShare > 0, next < count else { continue }
        for member in group where member + groupSize < count { add(member, member + groupSize, share: acrossShare) }
      }
    case .ring, .chain:
      for index in 0..<count - 1 { add(index, index + 1) }
      if structure == .ring, count > 2 { add(count - 1, 0) }
    case .grid:
      var width = Int(Double(count).squareRoot())
      while width > 1, count % width != 0 { width -= 1 }
      width = max(1, count / width)
      for index in 0..<count {
        if index % width < width - 1, index + 1 < count { add(index, index + 1) }
        if index + width < count { add(index, index + width) }
      }
    case .all:
      for first in 0..<count { for second in first + 1..<count { add(first, second) } }
    case .hub:
      for other in 1..<count { add(0, other) }
    }
    return pairs
  }
}
