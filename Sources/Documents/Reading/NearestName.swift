/// Finds which of the valid names was probably meant.
struct NearestName {
  /// Pairs of letters that may still be compared: a document full of unknown names against a long list must not take
  /// minutes to refuse.
  private var budget = 20_000_000

  /// The candidate that differs only in case and separators, else the one with the least edit distance, if that is at
  /// most a third of the name's length; ties go to the first.
  mutating func find(_ name: String, among candidates: some Collection<String>) -> String? {
    let wanted = Self.folded(name)
    guard (1...64).contains(wanted.count) else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      guard budget > 0 else { break }
      budget -= 10
      let letters = Self.folded(candidate)
      let bound = best.map { $0.distance - 1 } ?? max(1, wanted.count / 3)
      guard abs(letters.count - wanted.count) <= bound else { continue }
      budget -= wanted.count * letters.count
      let distance = Self.distance(wanted, letters)
      if distance <= bound { best = (candidate, distance) }
    }
    return best?.name
  }

  private static func folded(_ text: String) -> [UInt8] {
    text.utf8.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }
      .map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
  }

  /// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.
  ///
  /// Source: Damerau, "A technique for computer detection and correction of spelling errors", 1964; by the recurrence
  /// of Wagner and Fischer, 1974.
  static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
    var older = [Int](repeating: 0, count: second.count + 1)
    var previous = Array(0...second.count)
    for row in first.indices {
      var current = [row + 1]
      for column in second.indices {
        let same = first[row] == second[column]
        var least = min(previous[column + 1] + 1, current[column] + 1, previous[column] + (same ? 0 : 1))
        if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
          least = min(least, older[column - 1] + 1)
        }
        current.append(least)
      }
      (older, previous) = (previous, current)
    }
    return previous[second.count]
  }
}
