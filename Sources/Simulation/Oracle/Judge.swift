internal import Model
internal import Planning

/// What placements and moves between them come to, by the world's own formulas.
struct Judge {
  private let course: Course
  private let job: Int
  private let candidates: [[Int]]
  private let between: PlacementSites
  private let hosts: [Host]
  private let hostSites: [Int]
  private var known: [Key: PlaceRates] = [:]
  private var instances: [InstanceKey: PlacementInstance] = [:]
  /// As they are in the interval that is looked at.
  var sites: [SiteState]

  private struct Key: Hashable {
    var candidate: Int
    var instance: InstanceKey
  }

  init(_ course: Course, job: Int, candidates: [[Int]]) {
    self.course = course
    self.job = job
    self.candidates = candidates
    let federation = course.scenario.federation
    between = PlacementSites(federation)
    hosts = federation.sites.flatMap(\.hosts)
    hostSites = federation.sites.enumerated().flatMap { site, value in value.hosts.map { _ in site } }
    sites = course.sites
  }

  private var description: Job { course.jobs[job] }

  private func hourly(_ site: Int) -> Double {
    sites[site].price.perHour(of: description.application.vms[0])
  }

  private mutating func rates(_ candidate: Int, phase: Int) -> PlaceRates {
    let key = InstanceKey(job: job, phase: phase, speeds: sites.map(\.speed))
    let place = Key(candidate: candidate, instance: key)
    if let rates = known[place] { return rates }
    let instance = instances[key] ?? World.truth(of: course, job: job, phase: phase, sites: sites)
    instances[key] = instance
    let evaluation = PlacementEvaluation(of: candidates[candidate], in: instance)
    let slowdown = max(evaluation.slowdown, 1e-6)
    let egress = evaluation.loads.reduce(0) {
      $0 + $1.bytesPerSecond * between.egress[between.index(from: $1.from, to: $1.to)]
    }
    let rates = PlaceRates(
      slowdown: slowdown, egress: description.isService ? egress : egress / slowdown, watts: evaluation.watts)
    known[place] = rates
    return rates
  }

  /// A stay of so many seconds: what it comes to, the work done by then, and whether that was all.
  mutating func run(_ candidate: Int, from start: Double, seconds: Double) -> (
    value: Double, done: Double, isOver: Bool
  ) {
    let placement = candidates[candidate]
    let standing = placement.count { !sites[hostSites[$0]].isUp }
    let hosting = placement.reduce(0) { sites[hostSites[$1]].isUp ? $0 + hourly(hostSites[$1]) : $0 } / 3600
    let isCoupled = description.pattern.coupling == .coupled
    let share = standing == 0 ? 1 : isCoupled ? 0 : 1 - Double(standing) / Double(placement.count)
    var (value, done, left) = (0.0, start, seconds)
    while left > 1e-9 {
      let phase = description.phase(after: done)
      let rates = rates(candidate, phase: phase.index)
      let rate = description.isService ? 1 : share / rates.slowdown
      var step = left
      if rate > 0 {
        step = min(step, max(1e-6, (phase.ends - done) / rate))
        if let work = description.work { step = min(step, max(0, (work - done) / rate)) }
      }
      switch description.pattern.objective {
      case .cost: value += (hosting + (share > 0 ? rates.egress : 0)) * step
      case .time: value += step * (description.isService ? rates.slowdown : 1)
      case .resources: value += rates.watts * step
      }
      done += rate * step
      left -= step
      if let work = description.work, done >= work * (1 - 1e-9) { return (value, done, true) }
    }
    return (value, done, false)
  }

  /// What moving comes to, and the work that is lost by standing still; nil: it can't be.
  mutating func move(from: Int, to: Int, at done: Double) -> (value: Double, lost: Double)? {
    if from == to { return (0, 0) }
    let (old, new) = (candidates[from], candidates[to])
    var (money, downtime, seconds) = (0.0, 0.0, 0.0)
    for vm in old.indices where old[vm] != new[vm] {
      let (source, target) = (hostSites[old[vm]], hostSites[new[vm]])
      guard sites[source].isUp, sites[target].isUp else { return nil }
      let link = between.index(from: source, to: target)
      guard let migration = try? Migration(of: description.application.vms[vm], bandwidth: between.bandwidth[link])
      else { return nil }
      money += migration.bytes * between.egress[link] + hourly(source) * migration.seconds / 3600
      downtime += migration.downtimeSeconds
      seconds += migration.seconds
    }
    let share = description.pattern.coupling == .coupled ? 1 : 1 / Double(old.count)
    let rates = rates(to, phase: description.phase(after: done).index)
    let lost = description.isService ? 0 : downtime * share / rates.slowdown
    switch description.pattern.objective {
    case .cost: return (money, lost)
    case .time: return (description.isService ? downtime * share : 0, lost)
    case .resources:
      let both = Set(old).union(new).reduce(0) { $0 + hosts[$1].watts } - rates.watts
      return (max(0, both) * seconds, lost)
    }
  }
}

/// Of a placement in a phase.
struct PlaceRates {
  var slowdown: Double
  /// Money per second.
  var egress: Double
  var watts: Double
}
