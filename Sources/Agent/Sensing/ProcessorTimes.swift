/// How long VMs' processors ran in each period, from the hypervisor's running sums.
package struct ProcessorTimes {
  /// By VM, nanoseconds since its domain started at this host.
  private var sums: [String: UInt64] = [:]
  private var taken: ContinuousClock.Instant?

  package init() {}

  /// Readings as they are when a period's report is made, shortly after its end.
  ///
  /// The time between two readings is a little longer or shorter than the period, so what ran in it is scaled. A VM
  /// that wasn't here at the last reading has run here for its sum. Nil where there is no reading to compare with.
  ///
  /// - Parameter period: seconds.
  /// - Returns: seconds by VM.
  package mutating func take(
    _ readings: [String: UInt64], at instant: ContinuousClock.Instant, period: Double
  ) -> [String: Double]? {
    guard let last = taken else {
      (sums, taken) = (readings, instant)
      return nil
    }
    let elapsed = (instant - last) / .seconds(1)
    // Reports that come late, one after the other: what ran can't be told apart.
    guard elapsed > period / 2 else { return nil }
    let before = sums
    (sums, taken) = (readings, instant)
    return readings.reduce(into: [:]) { result, reading in
      let (vm, sum) = (reading.key, reading.value)
      guard let earlier = before[vm], earlier <= sum else {
        result[vm] = min(Double(sum) / 1e9, Double(sum) / 1e9 * period / elapsed)
        return
      }
      result[vm] = Double(sum - earlier) / 1e9 * period / elapsed
    }
  }
}
