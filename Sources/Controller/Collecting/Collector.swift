package import Logging
package import Model
package import Storage
package import Traffic

/// Takes reports, keeps them, and makes one picture of each period of them.
///
/// A period is closed when every live host has reported and it has ended, or a grace time after its end; reports that
/// come later amend it. The newest periods are held in memory, all that is retained in the store.
package actor Collector {
  package struct Configuration: Sendable {
    /// Periods in memory.
    package var heldPeriods = 120
    /// Nanoseconds.
    package var grace: Int64 = 5_000_000_000
    /// Nanoseconds; a report of an older period is refused.
    package var oldest: Int64 = 30 * 86_400_000_000_000
    /// Nanoseconds that a live host may be silent: three of its heartbeats.
    package var leastSilence: Int64 = 6_000_000_000

    package init() {}
  }

  let configuration: Configuration
  let store: any Store
  nonisolated let clock: any WallClock
  let logger: Logger
  /// Hosts that ought to report: heard of within two periods (nanoseconds).
  private let liveHosts: @Sendable (_ within: Int64) async -> Set<String>

  /// The newest closed periods, oldest first.
  package private(set) var held: [GlobalPeriod] = []
  /// By which hosts closed periods ought to have been reported.
  private var expected: [Period: [String]] = [:]
  /// Reports of periods that aren't closed.
  package private(set) var open: [Period: PeriodReports] = [:]
  /// Closed periods with reports that they don't show yet.
  private var outdated: Set<Period> = []
  private var isAmending = false
  /// Nanoseconds, that of most hosts' latest reports; nil: no report has come yet.
  package private(set) var length: Int64?
  /// The latest period of each host.
  private var latest: [String: Period] = [:]
  /// Of the period that was closed last before this start: they have some time to connect again.
  private var hostsBefore: Set<String> = []
  private var startTime: Timestamp
  private var lastWatcher: UInt64 = 0
  private var watchers: [UInt64: AsyncStream<Void>.Continuation] = [:]

  /// Each period when it is closed, and again when it is amended. For one reader, from the start on; one that falls far
  /// behind misses the oldest.
  package nonisolated let closedPeriods: AsyncStream<GlobalPeriod>
  private let closings: AsyncStream<GlobalPeriod>.Continuation

  /// - Parameter liveHosts: names of the hosts that were heard of within so many nanoseconds.
  package init(
    store: any Store, configuration: Configuration = Configuration(), clock: any WallClock = SystemClock(),
    logger: Logger, liveHosts: @escaping @Sendable (_ within: Int64) async -> Set<String>
  ) {
    self.store = store
    self.configuration = configuration
    self.clock = clock
    self.logger = logger
    self.liveHosts = liveHosts
    startTime = clock.now
    (closedPeriods, closings) = AsyncStream.makeStream(of: GlobalPeriod.self, bufferingPolicy: .bufferingNewest(256))
  }

  /// Hosts that ought to report of a period that ends now.
  func expectedHosts() async -> Set<String> {
    guard let length else { return [] }
    // Two periods, and three signs of life where periods are short.
    let patience = max(2 * length, configuration.leastSilence)
    let live = await liveHosts(patience)
    let isStarting = clock.now.nanoseconds &- startTime.nanoseconds < patience
    return isStarting ? live.union(hostsBefore) : live
  }

  // MARK: - Start

  /// Reads what the store holds of the newest periods; before anything else.
  ///
  /// - Throws: `StoreError`
  package func load() async throws {
    startTime = clock.now
    let periods = try await store.periods(
      last: configuration.heldPeriods, from: Timestamp(nanoseconds: .min), to: Timestamp(nanoseconds: .max))
    for period in periods {
      let reports = try await store.reports(of: period)
      length = period.length
      if let closing = try await store.closing(of: period) {
        hostsBefore = Set(closing.expectedHosts)
        insert(GlobalPeriod(period: period, reports: reports, expectedHosts: closing.expectedHosts), hostsBefore)
      } else if period.end.advanced(byNanoseconds: configuration.grace) > clock.now {
        var taken = PeriodReports(period: period)
        for report in reports { taken.take(report) }
        open[period] = taken
      } else {
        // It ended while nobody was there to close it.
        hostsBefore.formUnion(reports.map(\.host))
        let closing = PeriodClosing(period: period, expectedHosts: hostsBefore)
        try await store.save(closing)
        insert(GlobalPeriod(period: period, reports: reports, expectedHosts: hostsBefore), hostsBefore)
      }
    }
    if let last = held.last {
      logger.info("holds \(held.count) periods, the last from \(last.period.start)")
    }
  }

  // MARK: - State

  func isClosed(_ period: Period) -> Bool { expected[period] != nil }

  func update(_ period: Period, _ change: (inout PeriodReports) -> Void) {
    let isNew = open[period] == nil
    change(&open[period, default: PeriodReports(period: period)])
    if isNew { wake() }
  }

  func remove(open period: Period) { open[period] = nil }

  /// One host with another length than the others doesn't set it.
  func note(_ period: Period, of host: String) {
    guard period.start >= latest[host]?.start ?? period.start else { return }
    latest[host] = period
    let newest = latest.values.max()?.start ?? period.start
    var votes: [Int64: Int] = [:]
    for (_, period) in latest where newest.seconds - period.start.seconds < 3 * 3600 {
      votes[period.length, default: 0] += 1
    }
    let most = votes.values.max()
    length = votes.filter { $0.value == most }.keys.min() ?? length
  }

  /// Adds a closed period, or puts it in the place of itself.
  func insert(_ traffic: GlobalPeriod, _ hosts: Set<String>) {
    let index = held.firstIndex { $0.period >= traffic.period } ?? held.endIndex
    if index < held.endIndex, held[index].period == traffic.period {
      held[index] = traffic
    } else {
      held.insert(traffic, at: index)
    }
    expected[traffic.period] = hosts.sorted()
    if held.count > configuration.heldPeriods {
      for old in held.prefix(held.count - configuration.heldPeriods) { expected[old.period] = nil }
      held.removeFirst(held.count - configuration.heldPeriods)
    }
  }

  /// Tells all that wait.
  func publish(_ traffic: GlobalPeriod) {
    closings.yield(traffic)
    wake()
  }

  private func wake() {
    for watcher in watchers.values { watcher.yield() }
  }

  /// Yields from now on after what a reader may have to look at: a period that is awaited, closed or amended.
  func watch() -> (number: UInt64, changes: AsyncStream<Void>) {
    let (changes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    lastWatcher += 1
    watchers[lastWatcher] = continuation
    return (lastWatcher, changes)
  }

  func endWatching(_ number: UInt64) { watchers.removeValue(forKey: number)?.finish() }

  // MARK: - Amending

  /// Late reports of a period that is closed, or was never opened: it is made anew from the store.
  func amend(_ period: Period) {
    outdated.insert(period)
    guard !isAmending else { return }
    isAmending = true
    Task { await amendOutdated() }
  }

  private func amendOutdated() async {
    while let period = outdated.popFirst() {
      do {
        let hosts: Set<String>
        if let known = expected[period] {
          hosts = Set(known)
        } else {
          // A gap until now, or older than what is in memory.
          hosts = try await expectedHosts(ofLate: period)
        }
        let reports = try await store.reports(of: period)
        // More have come meanwhile: they have put it in the set again.
        guard isHeld(period) else { continue }
        let traffic = GlobalPeriod(period: period, reports: reports, expectedHosts: hosts)
        insert(traffic, hosts)
        publish(traffic)
      } catch {
        // It is on the disk, and read from there at the next start.
        logger.error("the period from \(period.start) can't be amended: \(error)")
      }
    }
    isAmending = false
  }

  private func expectedHosts(ofLate period: Period) async throws -> Set<String> {
    if let closing = try await store.closing(of: period) { return Set(closing.expectedHosts) }
    // Those of the period closed before it, and what lives now.
    let before = held.last { $0.period < period }.flatMap { expected[$0.period] } ?? []
    let hosts = await expectedHosts().union(before)
    try await store.save(PeriodClosing(period: period, expectedHosts: hosts))
    return hosts
  }

  /// Whether it belongs in memory.
  private func isHeld(_ period: Period) -> Bool {
    held.count < configuration.heldPeriods || held.first.map { $0.period <= period } ?? true
  }
}
