public import Model

extension PairCounts {
  /// How often the destination of this row stood still until something of the source's had crossed, given the row of
  /// the opposite direction.
  ///
  /// A round in which both send at once costs one crossing, half to each row; request and answer cost two. The lag
  /// tells which of them a pair does; where it was counted at one end only, or at neither, request and answer are
  /// assumed.
  public func waits(opposite: PairCounts) -> Double {
    Double(rounds) * (1 + turns(opposite: opposite)) / 2
  }

  /// p: 0 where both ends send at once, 1 where they take turns.
  private func turns(opposite: PairCounts) -> Double {
    guard windows > 0, opposite.windows > 0 else { return 1 }
    let sum = Double(lag) / Double(windows) + Double(opposite.lag) / Double(opposite.windows)
    return min(max(0, sum), 1)
  }
}
