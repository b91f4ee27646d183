internal import Model
internal import Planning

/// Sites, hosts and applications in virtual time, under one policy.
///
/// Between events everything goes on at constant rates, so that progress and costs are exact sums. Run time, data and
/// moves follow the planner's own model (docs/planning.md), from rates on speed 1.0 without waits.
final class World {
  enum Event {
    case change(Int)
    case arrival(Int)
    /// A phase, its work or its time ends; void where the run has another version.
    case turn(job: Int, version: Int)
    case moved(job: Int, plan: Int)
    case decision
    /// Of one application, at an instant of its own.
    case look(Int)
  }

  let course: Course
  let policy: any Policy
  let hosts: [Host]
  let hostNumbers: [String: Int]
  let hostSites: [Int]
  let siteHosts: [Range<Int>]
  let between: PlacementSites
  private(set) var time = 0.0
  var sites: [SiteState]
  var runs: [Run]
  /// Of each host.
  var vcpus: [Double]
  var memory: [Double]
  var guests: [Int]
  /// What plans under way are going to take.
  var coming: (vcpus: [Double], memory: [Double])
  /// Count what decisions depend on: prices, speeds, openings; and room that became free.
  var conditions = 0
  var freed = 0
  var random: SplitMix64
  var instances: [InstanceKey: PlacementInstance] = [:]
  /// What all applications have come to, at some instants.
  private(set) var samples: [Sample] = []
  private var queue = EventQueue<Event>()

  /// About so many are kept of the scenario's hours.
  static let sampleCount = 240.0

  init(_ course: Course, policy: any Policy) {
    self.course = course
    self.policy = policy
    let federation = course.scenario.federation
    hosts = federation.sites.flatMap(\.hosts)
    hostNumbers = Dictionary(hosts.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { $1 })
    hostSites = federation.sites.enumerated().flatMap { site, value in value.hosts.map { _ in site } }
    var next = 0
    siteHosts = federation.sites.map { site in
      defer { next += site.hosts.count }
      return next..<next + site.hosts.count
    }
    between = PlacementSites(federation)
    sites = course.sites
    runs = course.jobs.map { _ in Run() }
    vcpus = hosts.map { _ in 0 }
    memory = vcpus
    guests = hosts.map { _ in 0 }
    coming = (vcpus, memory)
    // Whether a move fails doesn't depend on what the course was made from.
    random = SplitMix64(seed: course.seed ^ 0x6d6f_7665)
  }

  /// A run that needs so many times the scenario's hours is given up.
  static let longest = 20.0

  func run() {
    for index in course.changes.indices {
      queue.add(.change(index), at: course.changes[index].seconds, rank: 0)
    }
    for (index, job) in course.jobs.enumerated() { queue.add(.arrival(index), at: job.arrives, rank: 2) }
    queue.add(.decision, at: 0, rank: 4)
    while let (seconds, event) = queue.next() {
      if seconds > course.end * Self.longest { break }
      time = seconds
      handle(event)
      if runs.allSatisfy({ $0.state == .ended }) { break }
    }
    for job in runs.indices where runs[job].state != .absent { count(job) }
    samples.append(Sample(seconds: time, value: value))
  }

  /// Of all applications, in their objective; money where they have several.
  var value: Double {
    let objective = course.objective
    return runs.reduce(0) { $0 + $1.account.value(objective) }
  }

  private func sample() {
    if let last = samples.last, time - last.seconds < course.end / Self.sampleCount { return }
    for job in runs.indices { count(job) }
    samples.append(Sample(seconds: time, value: value))
  }

  private func handle(_ event: Event) {
    switch event {
    case .change(let index): apply(course.changes[index])
    case .arrival(let job):
      runs[job].state = .waiting
      runs[job].counted = time
      start(job)
    case .turn(let job, let version):
      if runs[job].version == version { turn(job) }
    case .moved(let job, let plan):
      if runs[job].account.plans == plan, runs[job].moves.isActive { endMove(job) }
    case .decision:
      sample()
      for job in runs.indices {
        if runs[job].state == .waiting { start(job) }
        if !runs[job].stranded.isEmpty { restart(job) }
        decide(job)
      }
      queue.add(.decision, at: time + course.scenario.decideSeconds, rank: 4)
    case .look(let job):
      if runs[job].state == .running { decide(job) }
    }
  }

  func schedule(_ event: Event, in seconds: Double, rank: Int) { queue.add(event, at: time + seconds, rank: rank) }

  // MARK: - Progress

  /// Counts an application's progress and costs until now.
  func count(_ job: Int) {
    let seconds = time - runs[job].counted
    runs[job].counted = time
    guard seconds > 0, runs[job].state == .waiting || runs[job].state == .running else { return }
    let isRunning = runs[job].state == .running
    runs[job].account.seconds += seconds * (course.jobs[job].isService && isRunning ? runs[job].slowdown : 1)
    if !isRunning || runs[job].standing > 0 { runs[job].account.standing += seconds }
    guard isRunning else { return }
    let isStill = runs[job].rate(of: course.jobs[job]) == 0 || (course.jobs[job].isService && runs[job].standing > 0)
    runs[job].done += runs[job].rate(of: course.jobs[job]) * seconds
    runs[job].account.hosting += runs[job].hosting * seconds
    runs[job].account.migration += runs[job].reserved * seconds
    if !isStill { runs[job].account.egress += runs[job].egress * seconds }
    runs[job].account.energy += watts(job) * seconds
  }

  private func watts(_ job: Int) -> Double {
    guard course.jobs[job].pattern.objective == .resources else { return 0 }
    var own: [Int: Int] = [:]
    for host in runs[job].placement { own[host, default: 0] += 1 }
    return own.reduce(0) { $0 + hosts[$1.key].watts * Double($1.value) / Double(max(1, guests[$1.key])) }
  }

  /// Finds out anew how fast an application goes on and what it costs, and when that ends by itself.
  func refresh(_ job: Int) {
    guard runs[job].state == .running else { return }
    let description = course.jobs[job]
    runs[job].version += 1
    let turn = description.phase(after: runs[job].done)
    runs[job].phase = turn.index
    let evaluation = PlacementEvaluation(of: runs[job].placement, in: truth(of: job, phase: turn.index))
    runs[job].slowdown = max(evaluation.slowdown, 1e-6)
    let perSecond = description.isService ? 1 : 1 / runs[job].slowdown
    runs[job].egress =
      evaluation.loads.reduce(0) {
        $0 + $1.bytesPerSecond * between.egress[between.index(from: $1.from, to: $1.to)]
      } * perSecond
    refreshPrices(job)
    let rate = runs[job].rate(of: description)
    var left = description.isService ? description.ends - time : .infinity
    if rate > 0 {
      if let work = description.work { left = min(left, (work - runs[job].done) / rate) }
      left = min(left, (turn.ends - runs[job].done) / rate)
    }
    if left.isFinite { schedule(.turn(job: job, version: runs[job].version), in: max(0, left), rank: 3) }
  }

  func refreshPrices(_ job: Int) {
    let hourly = sites.indices.map { sites[$0].isUp ? self.hourly($0, job) : 0 }
    runs[job].hosting = runs[job].placement.reduce(0) { $0 + hourly[hostSites[$1]] } / 3600
    runs[job].reserved = runs[job].moves.current.map { hourly[hostSites[$0.host]] / 3600 } ?? 0
    runs[job].standing = runs[job].placement.count { !sites[hostSites[$0]].isUp }
  }

  /// A phase or the whole has ended.
  private func turn(_ job: Int) {
    count(job)
    let description = course.jobs[job]
    let isDone = description.work.map { runs[job].done >= $0 * (1 - 1e-9) } ?? (time >= description.ends - 1e-6)
    guard isDone else { return refresh(job) }
    end(job)
  }

  private func end(_ job: Int) {
    abandonMoves(job)
    runs[job].state = .ended
    runs[job].ended = time
    runs[job].account.isDone = true
    for (vm, host) in runs[job].placement.enumerated() { leave(host, job, vm) }
  }
}
