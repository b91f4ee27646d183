package import Model
package import Traffic

/// The periods that a decision stands on: the latest ones without a gap, long enough together.
package struct DecisionWindow: Sendable {
  /// The oldest first.
  package let periods: [GlobalPeriod]
  /// Of each period; they add up to 1.
  package let weights: [Double]

  /// Why there is no such window.
  package struct Incomplete: Error, Hashable, Sendable {
    package var reason: String
  }

  /// - Parameters:
  ///   - held: closed periods, the oldest first.
  ///   - start: periods that began earlier tell of another placement, or another application; nil: all count.
  package init(
    of held: [GlobalPeriod], since start: Timestamp?, settings: DecisionSettings
  ) throws(Incomplete) {
    var chosen: [GlobalPeriod] = []
    var seconds = 0.0
    for next in held.reversed() where seconds < settings.windowSeconds {
      if let start, next.period.start < start { break }
      if let later = chosen.last, next.period.end != later.period.start { break }
      chosen.append(next)
      seconds += next.period.seconds
    }
    if let partial = chosen.first(where: { !$0.isComplete }) {
      throw Incomplete(
        reason: "data incomplete: \(partial.shortcomings) for the period of \(partial.period.start)")
    }
    guard seconds >= settings.windowSeconds else {
      throw Incomplete(
        reason: "\(Int(seconds)) s of data since the last change, of the \(Int(settings.windowSeconds)) s that a decision needs")
    }
    periods = chosen.reversed()
    let raw = settings.weights(of: periods.count)
    let sum = raw.reduce(0, +)
    weights = sum > 0 ? raw.map { $0 / sum } : raw.map { _ in 1 / Double(raw.count) }
  }

  /// What was exchanged by endpoints of which one takes part, the periods weighed; over the seconds that it says.
  package func matrix(of members: Set<Endpoint>) -> TrafficMatrix {
    let all = TrafficMatrix(periods: periods, weights: weights)
    return TrafficMatrix(
      rows: all.rows.lazy.filter { members.contains($0.source) || members.contains($0.destination) },
      hasWaits: all.hasWaits, windowSeconds: all.windowSeconds)
  }

  /// Share of the time in which a VM's vCPUs ran, 0 … 1; nil: not known.
  package func cpu(of vm: String) -> Double? {
    var (ran, could) = (0.0, 0.0)
    for (period, weight) in zip(periods, weights) {
      guard let sensed = period.facts(of: vm), let seconds = sensed.cpuSeconds, sensed.vcpus > 0 else { continue }
      ran += weight * seconds
      could += weight * period.period.seconds * Double(sensed.vcpus)
    }
    return could > 0 ? min(1, max(0, ran / could)) : nil
  }
}

extension GlobalPeriod {
  /// What sensors know of a VM; nil where none had it.
  package func facts(of name: String) -> SensedVM? { vm(name)?.facts }

  /// Where it was.
  package func hosts(of name: String) -> [String] { vm(name)?.hosts ?? [] }

  private func vm(_ vm: String) -> VM? {
    var (low, high) = (0, vms.count)
    while low < high {
      let middle = (low + high) / 2
      if vms[middle].facts.name < vm { low = middle + 1 } else { high = middle }
    }
    return low < vms.count && vms[low].facts.name == vm ? vms[low] : nil
  }

  /// Which reports are missing, and of what the others tell no more than a part.
  var shortcomings: String {
    let missing = missingHosts.isEmpty ? [] : ["no report of " + missingHosts.joined(separator: ", ")]
    return (missing + partialHosts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }).joined(separator: "; ")
  }
}
