public import Model

extension PairCounts {
  /// How often the destination of this row stood still until something of the source's had crossed.
  ///
  /// Two ends that ask and answer wait for each turn; two that swap, sending without waiting for each other, wait once
  /// for what both have sent, half of it in each row. More matched than turns tells of swaps, runs of bursts, in which
  /// more than turns is matched too. Where several peers are heard at once, each has a share in the wait.
  ///
  /// - Parameter opposite: the row of the opposite direction; nil where nobody saw what happened at its destination, as
  ///   at an endpoint without a sensor. That row's waits are then taken to be the same as this one's.
  public func waits(opposite: PairCounts?) -> Double {
    WaitSums(self).waits(opposite: opposite.map(WaitSums.init) ?? WaitSums())
  }
}
