import API
import Controller
import Logging
import Model
import Synchronization
import Wire

/// A controller that answers as it is told, and remembers what it was asked: the applications cg (vm1, vm2) and lu (vm3)
/// with a plan each, the hosts a1 and b1 of the sites a and b.
final class StandInController: ControllerAccess {
  struct Asked {
    var queries: [QueryRequest] = []
    var decisions: [Transhumance_V1_PlanDecision] = []
    var pauses: [Transhumance_V1_PauseRequest] = []
    var drains: [Transhumance_V1_DrainRequest] = []
  }

  let asked = Mutex(Asked())
  let replies: Mutex<any Sequence<QueryReply> & Sendable> = Mutex([])
  /// All of 2023-11-14T22:13:20Z.
  let log: EventLog
  /// How long a query takes.
  let pause: Duration
  /// Whether a query was given up.
  let isCancelled = Mutex(false)

  init(pause: Duration = .zero) {
    self.pause = pause
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    log = EventLog(logger: logger, now: { Timestamp(nanoseconds: 1_700_000_000_000_000_000) })
    replies.withLock { $0 = Self.statistics }
  }

  /// A mean of one pair.
  static var statistics: [QueryReply] {
    var header = QueryReply()
    header.header.start = 1_795_521_570_000_000_000
    header.header.end = 1_795_521_600_000_000_000
    header.header.exact = true
    return [header, rows(["vm1", "vm2"], count: 1)]
  }

  /// So many rows of the mean between two endpoints.
  static func rows(_ endpoints: [String], count: Int) -> QueryReply {
    var reply = QueryReply()
    reply.pairs.endpoints = endpoints
    reply.pairs.source = Array(repeating: 0, count: count)
    reply.pairs.destination = Array(repeating: 1, count: count)
    let tens = Array(repeating: 10.0, count: count)
    (reply.pairs.packets, reply.pairs.frameBytes, reply.pairs.ipBytes) = (tens, tens, tens)
    (reply.pairs.waits, reply.pairs.sentPackets) = (tens, tens)
    reply.pairs.bySender = Array(repeating: false, count: count)
    return reply
  }

  static var refusal: QueryReply {
    var reply = QueryReply()
    reply.refusal.reason = "a1 hasn't reported yet"
    reply.refusal.missingHosts = ["a1"]
    reply.refusal.availableAt = 1_795_521_635_000_000_000
    return reply
  }

  // MARK: - What it knows

  private static func application(_ name: String, _ vms: [String]) -> ApplicationStatus {
    var status = ApplicationStatus()
    (status.name, status.mode, status.objective) = (name, "approve", "cost")
    (status.vms, status.hosts) = (vms, vms.map { _ in "a1" })
    return status
  }

  private static func plan(_ application: String) -> PlanRecord {
    var plan = PlanRecord()
    (plan.identifier, plan.application, plan.state) = ("\(application)-1", application, "proposed")
    return plan
  }

  private static var overview: OverviewReply {
    var overview = OverviewReply()
    overview.applications = [application("cg", ["vm1", "vm2"]), application("lu", ["vm3"])]
    overview.plans = [plan("cg"), plan("lu")]
    for (host, site) in [("a1", "a"), ("b1", "b")] {
      var sensed = Transhumance_V1_SensedHost()
      (sensed.name, sensed.site, sensed.connected) = (host, site, host == "a1")
      sensed.report.vcpus = 4
      overview.hosts.append(sensed)
      var status = Transhumance_V1_SiteStatus()
      (status.name, status.hosts) = (site, [host])
      overview.sites.append(status)
    }
    overview.latestPeriod = 1_795_521_570_000_000_000
    overview.periodNanoseconds = 30_000_000_000
    return overview
  }

  func overview(_ request: Transhumance_V1_OverviewRequest) async -> OverviewReply {
    var overview = Self.overview
    if !request.application.isEmpty {
      overview.applications.removeAll { $0.name != request.application }
      overview.plans.removeAll { $0.application != request.application }
    }
    if !request.plan.isEmpty { overview.plans.removeAll { $0.identifier != request.plan } }
    return overview
  }

  func periods(_ request: Transhumance_V1_PeriodsRequest) async -> Transhumance_V1_PeriodsReply {
    var period = Transhumance_V1_PeriodSummary()
    (period.start, period.nanoseconds) = (1_795_521_570_000_000_000, 30_000_000_000)
    (period.complete, period.packets) = (true, UInt64(request.last))
    var reply = Transhumance_V1_PeriodsReply()
    reply.periods = [period]
    return reply
  }

  func query(_ request: QueryRequest) async throws -> any Sequence<QueryReply> & Sendable {
    asked.withLock { $0.queries.append(request) }
    do {
      try await Task.sleep(for: pause)
    } catch {
      isCancelled.withLock { $0 = true }
      throw error
    }
    if request.application == "gone" { throw ControlRefusal(.missing, "there is no application \"gone\"") }
    if request.application == "broken" { throw ControlRefusal(.failed, "the store is gone") }
    return replies.withLock { $0 }
  }

  func events(since: Timestamp, follow: Bool) -> AsyncStream<ControllerEvent> {
    log.events(since: since, follow: follow)
  }

  func decide(_ request: Transhumance_V1_PlanDecision) async throws -> PlanRecord {
    let count = asked.withLock { asked in
      asked.decisions.append(request)
      return asked.decisions.count
    }
    guard count == 1 else { throw ControlRefusal(.refused, "plan \(request.plan) is approved already") }
    var plan = Self.plan("cg")
    (plan.state, plan.decidedBy) = (request.approve ? "approved" : "rejected", request.by)
    return plan
  }

  func pause(_ request: Transhumance_V1_PauseRequest) async throws {
    asked.withLock { $0.pauses.append(request) }
  }

  func drain(_ request: Transhumance_V1_DrainRequest) async throws -> Transhumance_V1_DrainReply {
    asked.withLock { $0.drains.append(request) }
    var reply = Transhumance_V1_DrainReply()
    reply.problems = ["vm9 belongs to no application"]
    var step = PlanStep()
    (step.vm, step.from, step.to) = ("vm1", "a1", "b1")
    var plan = PlanRecord()
    (plan.application, plan.state, plan.reason, plan.steps) = ("cg", "approve", "a1 is drained", [step])
    reply.plans = [plan]
    return reply
  }
}

/// Messages of a mean that are made as they are read, ten thousand rows each; counted.
final class CountedReplies: Sequence, Sendable {
  let made = Mutex(0)
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  func makeIterator() -> AnyIterator<QueryReply> {
    var count = 0
    return AnyIterator {
      guard count < self.limit else { return nil }
      count += 1
      self.made.withLock { $0 += 1 }
      return count == 1 ? StandInController.statistics[0] : StandInController.rows(["vm1", "vm2"], count: 10_000)
    }
  }
}
