package import Model
internal import Planning

/// One application of a run: when it comes, what it has to do, and who talks to whom meanwhile.
package struct Job: Sendable {
  package let name: String
  package let pattern: Scenario.Pattern
  /// Seconds from the start.
  package let arrives: Double
  /// Seconds on speed 1.0, never waiting; nil: a service.
  package let work: Double?
  /// When a service ends, seconds from the start.
  package let ends: Double
  /// Without hosts.
  package let application: Application
  package let phases: [Profile]

  package var isService: Bool { work == nil }
  package var count: Int { pattern.vms }
  /// Work that was saved, of so much that was done.
  package func saved(of done: Double) -> Double {
    guard let hours = pattern.checkpointHours else { return 0 }
    return max(0, (done / (hours * 3600)).rounded(.down) * hours * 3600)
  }

  /// Who talks to whom for a while.
  package struct Profile: Sendable {
    /// Of work, or of a service's time; infinite: to the end.
    package let seconds: Double
    package let pairs: [Pair]
  }

  /// Per second on speed 1.0, never waiting.
  package struct Pair: Hashable, Sendable {
    package var first: Int
    package var second: Int
    /// Both rows.
    package var waits: Double
    /// Each way.
    package var bytes: Double
  }

  init(_ pattern: Scenario.Pattern, number: Int, jitter: Double, end: Double, random: inout SplitMix64) {
    self.pattern = pattern
    name = pattern.count > 1 ? "\(pattern.name)-\(number + 1)" : pattern.name
    let turn = pattern.everyHours * (Double(number) + (number > 0 ? jitter * (random.nextShare() - 0.5) : 0))
    arrives = (pattern.arrivesAtHours + turn) * 3600
    work = pattern.workHours.map { $0 * 3600 * random.factor(jitter) }
    ends = pattern.lastsHours.map { [arrives] in min(end, arrives + $0 * 3600) } ?? end
    let cpu = min(1, pattern.cpu * random.factor(jitter))
    let digits = "\(pattern.vms)".count
    let vms = (1...max(1, pattern.vms)).map { number in
      let text = "\(number)"
      return VM(
        name: "vm" + String(repeating: "0", count: digits - text.count) + text, vcpus: pattern.vcpus,
        memoryGiB: pattern.memoryGiB, cpu: cpu, dirtyMiBps: pattern.dirtyMiBps)
    }
    application = Application(
      name: name, objective: pattern.objective, coupling: pattern.coupling, minimumGain: pattern.minimumGain, vms: vms)
    let given = pattern.phases.isEmpty ? [Scenario.Phase()] : pattern.phases
    phases = given.map { phase in
      Profile(
        seconds: (phase.hours ?? .infinity) * 3600 * random.factor(jitter),
        pairs: phase.pairs(of: pattern.vms, jitter: jitter, random: &random))
    }
  }

  /// The phase that goes on after so many seconds of work (of a service: of time), and after how many it ends.
  package func phase(after seconds: Double) -> (index: Int, ends: Double) {
    if phases.count == 1 { return (0, .infinity) }
    let cycle = phases.reduce(0) { $0 + $1.seconds }
    let turns = cycle.isFinite ? (seconds / cycle + 1e-12).rounded(.down) : 0
    var end = turns > 0 ? turns * cycle : 0
    for (index, phase) in phases.enumerated() {
      end += phase.seconds
      // What is left by rounding is no phase.
      if seconds < end - 1e-6 { return (index, end) }
    }
    return (0, end + phases[0].seconds)
  }

  /// What its sensors would count in a window, slowed down by that factor.
  package func matrix(phase: Int, slowdown: Double, window: Double) -> TrafficMatrix {
    let scale = window / slowdown
    let names = application.vms.map { Endpoint.name($0.name) }
    let rows = phases[phase].pairs.flatMap { pair in
      [(pair.first, pair.second), (pair.second, pair.first)].map { from, to in
        TrafficMatrix.Row(
          source: names[from], destination: names[to], packets: (pair.bytes / 1000 + pair.waits) * scale,
          frameBytes: pair.bytes * scale, ipBytes: pair.bytes * scale, waits: pair.waits / 2 * scale)
      }
    }
    return TrafficMatrix(rows: rows, hasWaits: true, windowSeconds: window)
  }
}
