package import Model
package import Traffic

/// Applications go through phases in which other VMs talk to each other, or much more or less than before. A decision
/// about the one that goes on must not be made of the one that has ended.
package enum TrafficPhase {
  /// Periods are alike where the quieter one has at least this share of the other's packets,
  static let likeRate = 0.6
  /// and where no more than this share of them goes between others, beyond what chance makes of so few packets. A tenth
  /// of the old phase is enough to tear a group of the new one in two.
  static let otherShare = 0.1
  /// Differences of so few packets are no news.
  static let negligiblePackets = 50.0
  /// A change shows once, or twice where it cuts a period in two. What changes more often is taken as it comes: its
  /// mean over the window is the best that can be said of it.
  static let changesOfPhase = 1...2

  /// Index of the period with which the phase that goes on begins.
  ///
  /// - Parameters:
  ///   - periods: in a row, the oldest first.
  ///   - members: whose traffic among themselves counts.
  package static func start(in periods: [GlobalPeriod], among members: Set<Endpoint>) -> Int {
    guard !members.isEmpty else { return 0 }
    let rates = periods.map { Self.rates(in: $0, among: members) }
    let changes = rates.indices.dropFirst().filter {
      !isAlike(rates[$0 - 1], rates[$0], seconds: periods[$0].period.seconds)
    }
    return changesOfPhase.contains(changes.count) ? changes.last ?? 0 : 0
  }

  /// Packets per second of each pair.
  private static func rates(in period: GlobalPeriod, among members: Set<Endpoint>) -> [Pair: Double] {
    var rates: [Pair: Double] = [:]
    for row in period.rows.among(members) {
      rates[Pair(source: row.source, destination: row.destination)] = Double(row.counts.packets) / period.period.seconds
    }
    return rates
  }

  private static func isAlike(_ before: [Pair: Double], _ after: [Pair: Double], seconds: Double) -> Bool {
    let (earlier, later) = (before.values.reduce(0, +), after.values.reduce(0, +))
    let (quieter, busier) = (min(earlier, later), max(earlier, later))
    let common = before.reduce(0) { $0 + min($1.value, after[$1.key] ?? 0) }
    if (busier - common) * seconds < negligiblePackets { return true }
    guard quieter >= likeRate * busier else { return false }
    return isOfSamePairs(before, after, seconds: seconds)
  }

  private static func isOfSamePairs(_ before: [Pair: Double], _ after: [Pair: Double], seconds: Double) -> Bool {
    let (earlier, later) = (before.values.reduce(0, +), after.values.reduce(0, +))
    // The distance in total variation of the two distributions over pairs; of two samples of one distribution it is
    // below √(pairs / packets) but for one time in many.
    let distance = 1 - before.reduce(0) { $0 + min($1.value / earlier, (after[$1.key] ?? 0) / later) }
    let chance = (Double(max(before.count, after.count)) / (min(earlier, later) * seconds)).squareRoot()
    return distance <= otherShare + chance
  }

  /// Whether it is the same pairs that talk to each other, each for its part, however fast.
  ///
  /// - Parameter members: whose traffic among themselves counts.
  package static func isSame(
    _ before: some Sequence<GlobalPeriod>, _ after: [GlobalPeriod], among members: Set<Endpoint>
  ) -> Bool {
    let (before, seconds) = (Array(before), after.reduce(0) { $0 + $1.period.seconds })
    let (earlier, later) = (mean(of: before, among: members), mean(of: after, among: members))
    guard !earlier.isEmpty, !later.isEmpty else { return false }
    return isOfSamePairs(earlier, later, seconds: seconds)
  }

  private static func mean(of periods: [GlobalPeriod], among members: Set<Endpoint>) -> [Pair: Double] {
    let seconds = periods.reduce(0) { $0 + $1.period.seconds }
    return periods.reduce(into: [:]) { sums, period in
      for (pair, rate) in rates(in: period, among: members) {
        sums[pair, default: 0] += rate * period.period.seconds / seconds
      }
    }
  }

  private struct Pair: Hashable {
    var source: Endpoint
    var destination: Endpoint
  }
}
