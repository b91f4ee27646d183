package import Logging
package import Model
internal import Planning
package import Storage
package import Traffic
internal import SwiftProtobuf
internal import Wire

/// The loop: senses, groups, plans, moves and verifies, one application at a time, each time a period is closed.
///
/// One actor, so that two decisions never meet. What takes long (searching, moving) happens outside and comes back.
package actor Decider {
  let hosts: any HostControl
  let store: any Store
  let held: @Sendable () async -> [GlobalPeriod]
  let now: @Sendable () -> Timestamp
  let pause: @Sendable (Duration) async throws -> Void
  package nonisolated let events: EventLog
  let logger: Logger
  let settings: DecisionSettings
  let locks = HostLocks()

  var federation: FederationInForce
  /// Who drained hosts, where that is known.
  var drainedBy: [String: String] = [:]
  var federationProblem: String?
  var applications: [String: ManagedApplication] = [:]
  var plans: [String: PlanRecord] = [:]
  /// What moves have taught, by application.
  var calibrations: [String: WaitCalibration] = [:]
  /// And how fast they were.
  var moveRates = MoveRates()
  /// How long runs took that have ended, hours, by application; the oldest first.
  var earlierRuns: [String: [Double]] = [:]
  /// Of plans that are carried out.
  var runs: [String: Task<Void, Never>] = [:]
  /// Why nothing at all is done; nil: the loop acts.
  var paused: String?
  var latestPeriod: Period?
  /// An application is being taken over.
  var isApplying = false
  private var considering: Task<Void, Never>?
  private var isDue = false
  /// Each waits for the one before it, so that what stays is what was written last.
  let writes = OrderedWrites()

  /// - Parameters:
  ///   - held: the closed periods, the oldest first.
  ///   - now: the controller's clock.
  ///   - pause: waits; injected, so that tests need no real time.
  package init(
    federation: Federation, hosts: any HostControl, store: any Store,
    held: @escaping @Sendable () async -> [GlobalPeriod], settings: DecisionSettings, logger: Logger,
    now: @escaping @Sendable () -> Timestamp,
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.federation = FederationInForce(federation: federation, drained: [])
    self.hosts = hosts
    self.store = store
    self.held = held
    self.settings = settings
    self.logger = logger
    self.now = now
    self.pause = pause
    events = EventLog(store: store, writes: writes, logger: logger, now: now)
  }

  /// Until cancelled: considers everything anew whenever a period is closed.
  ///
  /// - Parameter closed: also periods that were amended.
  package func run(closed: AsyncStream<GlobalPeriod>) async {
    resumePlans()
    await withTaskCancellationHandler {
      for await period in closed {
        if let latestPeriod, period.period <= latestPeriod { continue }
        latestPeriod = period.period
        await tell(period)
        await considerAll()
      }
    } onCancel: {
      Task { await self.stop() }
    }
  }

  /// Returns when all that was to be written until now has been.
  package func settleWrites() async { await writes.settle() }

  private func stop() {
    considering?.cancel()
    for run in runs.values { run.cancel() }
  }

  private func tell(_ period: GlobalPeriod) async {
    var text = "the period of \(period.period.start) is closed: \(period.rows.packets) packets in \(period.rows.count) rows"
    if !period.isComplete { text += "; \(period.shortcomings(await hosts.problems()))" }
    events.add(.period, text, level: period.isComplete ? .info : .warning)
  }

  /// Looks at every application; once more afterwards if something changed meanwhile. Returns when that is done.
  package func considerAll() async {
    isDue = true
    if let considering { return await considering.value }
    let task = Task {
      while self.isDue, !Task.isCancelled {
        self.isDue = false
        self.expirePlans()
        for name in self.applications.keys.sorted() { await self.consider(name) }
      }
      self.considering = nil
    }
    considering = task
    await task.value
  }

  // MARK: - The federation

  /// Takes over a new version of the file, or says what is wrong with it: then the old one stays in force.
  package func replaceFederation(_ result: Result<Federation, ConfigurationProblem>) async {
    switch result {
    case .success(let new):
      let hadProblem = federationProblem != nil
      federationProblem = nil
      guard new != federation.federation else {
        if hadProblem { events.add(.federation, "the federation file is good again, and as it was") }
        return
      }
      let (changes, changed) = (federation.federation.changes(in: new), federation.federation)
      federation = FederationInForce(federation: new, drained: federation.drained)
      forgetMoveRates(since: changed)
      endRests()
      events.add(.federation, "a new version of the federation is in force: \(changes.joined(separator: "; "))")
      await considerAll()
    case .failure(let problem):
      guard federationProblem != problem.text else { return }
      federationProblem = problem.text
      events.add(
        .federation, "the federation file can't be used, the version before it stays in force: \(problem.text)",
        level: .error)
    }
  }

  /// What is wrong with a file that an operator has edited.
  package struct ConfigurationProblem: Error, Hashable, Sendable {
    package var text: String

    package init(_ text: String) {
      self.text = text
    }
  }
}
