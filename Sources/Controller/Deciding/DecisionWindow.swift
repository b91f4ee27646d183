package import Model
package import Traffic

/// The periods that a decision stands on: the latest ones without a gap and of one phase, long enough together.
package struct DecisionWindow: Sendable {
  /// The oldest first.
  package let periods: [GlobalPeriod]
  /// Of each period; they add up to 1.
  package let weights: [Double]

  /// Why there is no such window.
  package struct Incomplete: Error, Hashable, Sendable {
    package var reason: String
    /// A phase has ended: what was concluded from it holds no more.
    package var isOfNewPhase = false
    /// Whose reports are missing.
    package var missingHosts: [String] = []
  }

  /// So many windows back it is seen whether a phase has begun.
  private static let hindsight = 3.0

  /// - Parameters:
  ///   - held: closed periods, the oldest first.
  ///   - members: whose traffic tells where a phase of the application began; none: all is of one phase.
  ///   - start: periods that began earlier tell of another placement, or another application; nil: all count.
  ///   - problems: why reports of hosts aren't taken, where that is known.
  package init(
    of held: [GlobalPeriod], for members: Set<Endpoint> = [], since start: Timestamp?, settings: DecisionSettings,
    problems: [String: String] = [:]
  ) throws(Incomplete) {
    let known = Self.stretch(of: held, seconds: Self.hindsight * settings.windowSeconds, since: start)
    let partial = known.lastIndex { !$0.isComplete }
    let complete = Array(known[(partial.map { $0 + 1 } ?? 0)...])
    let phase = TrafficPhase.start(in: complete, among: members)
    let earliest = phase > 0 ? known.count - complete.count + phase : 0
    var first = known.count
    var seconds = 0.0
    while first > earliest, seconds < settings.windowSeconds {
      first -= 1
      seconds += known[first].period.seconds
    }
    periods = Array(known[first...])
    if let partial, partial >= first {
      let period = known[partial]
      throw Incomplete(
        reason: "data incomplete: \(period.shortcomings(problems)) for the period of \(period.period.start)",
        missingHosts: Set(periods.flatMap { $0.missingHosts + $0.partialHosts.keys }).sorted())
    }
    guard seconds >= settings.windowSeconds else {
      let change = phase > 0 ? "its traffic changed" : "the last change"
      throw Incomplete(
        reason: "\(Int(seconds)) s of data since \(change), of the \(Int(settings.windowSeconds)) s that a decision needs",
        isOfNewPhase: phase > 0)
    }
    let raw = settings.weights(of: periods.count)
    let sum = raw.reduce(0, +)
    weights = sum > 0 ? raw.map { $0 / sum } : raw.map { _ in 1 / Double(raw.count) }
  }

  /// The latest periods without a gap, at least so many seconds of them where there are; the oldest first.
  private static func stretch(of held: [GlobalPeriod], seconds: Double, since start: Timestamp?) -> [GlobalPeriod] {
    var found: [GlobalPeriod] = []
    var sum = 0.0
    for next in held.reversed() where sum < seconds {
      if let start, next.period.start < start { break }
      if let later = found.last, next.period.end != later.period.start { break }
      found.append(next)
      sum += next.period.seconds
    }
    return found.reversed()
  }

  /// What was exchanged by endpoints of which one takes part, the periods weighed; over the seconds that it says.
  package func matrix(of members: Set<Endpoint>) -> TrafficMatrix {
    TrafficMatrix(periods: periods, weights: weights, touching: members)
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
  package func facts(of name: String) -> SensedVM? { vms.named(name)?.facts }

  /// Where it was.
  package func hosts(of name: String) -> [String] { vms.named(name)?.hosts ?? [] }

  /// Which reports are missing, and of what the others tell no more than a part.
  ///
  /// - Parameter problems: why reports of hosts aren't taken, where that is known.
  func shortcomings(_ problems: [String: String]) -> String {
    let words = missingHosts.map { host in problems[host].map { "\(host) (\($0))" } ?? host }
    let missing = words.isEmpty ? [] : ["no report of " + words.joined(separator: ", ")]
    let unclosed = isClosed ? [] : ["no controller was there as it ended"]
    let partial = partialHosts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    return (unclosed + missing + partial).joined(separator: "; ")
  }
}
