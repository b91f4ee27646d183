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
    /// Periods in memory, at most, of those that hosts have reported of.
    package var heldPeriods = 120
    /// With those that no host has reported of: they take next to nothing, and push out nothing for long.
    package var heldWithSilent = 960
    /// Bytes of them, with the sums beside them: an hour of 2·10⁵ pairs in periods of 30 s has some 400 MiB. The newest
    /// few are held in any case.
    package var heldBytes = 576 << 20
    /// Nanoseconds.
    package var grace: Int64 = 5_000_000_000
    /// Nanoseconds; a report of an older period is refused.
    package var oldest: Int64 = 30 * 86_400_000_000_000
    /// Nanoseconds that a live host may be silent: three of its heartbeats.
    package var leastSilence: Int64 = 6_000_000_000
    /// The shortest first.
    package var rollUps: [RollUp] = []
    /// Another controller closes periods, and keeps them: this one reads what that one has made of them.
    package var isFollowing = false

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
  private(set) var sums = PeriodSums()
  /// Of what is held, until now.
  private var changes = 0
  /// Closed or amended periods that the store hasn't yet.
  var unsaved: [Period: GlobalPeriod] = [:]
  var saving: Task<Void, Never>?
  var rolledUp = RolledUp()
  /// Why the store took no report, the last time; nil: it did.
  package private(set) var refusal: StoreError?
  /// Reports of periods that aren't closed.
  package var open: [Period: PeriodReports] = [:]
  /// Open periods that are about to be closed.
  var merging: Set<Period> = []
  /// Closed periods with reports that they don't show yet.
  var outdated: Set<Period> = []
  /// The one that is being amended.
  var amending: Period?
  /// How often something new of a period was to be saved, until now: whoever has read what there is of one tells by it
  /// that more has come since.
  var amendments = 0
  /// How many reports of a period are on their way to the store, or from there into it.
  var arriving: [Period: Int] = [:]
  /// How often closed periods are still to be read again, where another controller amends them.
  var looks: [Period: Int] = [:]
  /// Nanoseconds, that of most hosts' latest reports; nil: no report has come yet.
  package var length: Int64?
  /// The latest period of each host.
  private var latest: [String: Period] = [:]
  /// Of the period that was closed last before this start: they have some time to connect again.
  var hostsBefore: Set<String> = []
  var startTime: Timestamp
  /// Those that the store couldn't read, which has been told.
  private var unreadable: Set<Period> = []
  private var tellOfDamage: (@Sendable (_ text: String) -> Void)?
  private var lastWatcher: UInt64 = 0
  private var watchers: [UInt64: AsyncStream<Void>.Continuation] = [:]

  /// Each period when it is closed, and again when it is amended. For one reader, from the start on: no more wait for
  /// it than are held. Of a collector that follows another, none.
  package nonisolated var closedPeriods: AsyncStream<GlobalPeriod> {
    closings?.stream ?? AsyncStream(unfolding: { nil })
  }
  /// Nil where nobody decides by them: they would wait for ever.
  private nonisolated let closings: Closings?

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
    closings = configuration.isFollowing ? nil : Closings()
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

  // MARK: - State

  func traffic(of period: Period) -> GlobalPeriod? {
    let index = index(of: period)
    return index < held.endIndex && held[index].period == period ? held[index] : nil
  }

  /// Of the first that isn't before it.
  private func index(of period: Period) -> Int { (held.lastIndex { $0.period < period }).map { $0 + 1 } ?? 0 }

  func isClosed(_ period: Period) -> Bool { traffic(of: period) != nil }

  func update(_ period: Period, _ change: (inout PeriodReports) -> Void) {
    let isNew = open[period] == nil
    change(&open[period, default: PeriodReports(period: period, like: held.last)])
    if isNew { wake() }
  }

  func remove(open period: Period) { open[period] = nil }

  /// Closed or amended: goes to the store with the next saving.
  func keep(_ traffic: GlobalPeriod) {
    unsaved[traffic.period] = traffic
    amendments += 1
  }

  /// The length that most hosts report, of those that have lately; one host alone with another one doesn't set it.
  func note(_ period: Period, of host: String) {
    guard period.start >= latest[host]?.start ?? period.start else { return }
    latest[host] = period
    let newest = latest.values.max()?.start ?? period.start
    var votes: [Int64: Int] = [:]
    for (_, period) in latest where (newest.nanoseconds - period.start.nanoseconds) / 3 < period.length {
      votes[period.length, default: 0] += 1
    }
    let most = votes.values.max()
    if let length, votes[length] == most { return }
    length = votes.filter { $0.value == most }.keys.min() ?? length
  }

  /// Adds a closed period, or puts it in the place of itself.
  func insert(_ traffic: GlobalPeriod) {
    let index = index(of: traffic.period)
    if index < held.endIndex, held[index].period == traffic.period {
      held[index] = traffic
    } else {
      held.insert(traffic, at: index)
    }
    sums.forget(traffic.period)
    changes += 1
    while heldReported > configuration.heldPeriods || held.count > configuration.heldWithSilent
      || (held.count > Self.fewestHeld && bytesHeld > configuration.heldBytes)
    { held.removeFirst() }
  }

  private var heldReported: Int { held.count { !$0.hosts.isEmpty } }

  var holdsAll: Bool { heldReported >= configuration.heldPeriods || held.count >= configuration.heldWithSilent }

  private static let fewestHeld = 8

  func replace(_ parts: [Period], by sum: GlobalPeriod) {
    let parts = Set(parts)
    let before = held.count
    held.removeAll { parts.contains($0.period) }
    for part in parts { sums.forget(part) }
    changes += 1
    if held.count < before { insert(sum) }
  }

  func note(_ error: (any Error)?) { refusal = error as? StoreError }

  /// What is said of a period that can't be read, once of each up to a number of them, goes there and no more to the log.
  package func tell(ofDamage tell: @escaping @Sendable (_ text: String) -> Void) { tellOfDamage = tell }

  /// Of a store that is damaged throughout, each period needn't be told.
  private static let mostTold = 20

  /// One that is damaged is left out, as a gap: the others are as good as before.
  ///
  /// - Returns: whether it could be read.
  @discardableResult
  func readable(_ period: Period, _ body: () async throws -> Void) async throws -> Bool {
    do {
      try await body()
      unreadable.remove(period)
      return true
    } catch let error as StoreError where error.code == .damaged {
      guard unreadable.insert(period).inserted else { return false }
      if unreadable.count > Self.mostTold { return false }
      var text = "the period from \(period.start) can't be read, and is left out: \(error)"
      if unreadable.count == Self.mostTold {
        text += " So are \(Self.mostTold - 1) others; of more nothing will be said."
      }
      if let tellOfDamage { tellOfDamage(text) } else { logger.error("\(text)") }
      return false
    }
  }

  var bytesHeld: Int {
    var sizes = PeriodSizes()
    sizes.add(sums)
    for traffic in held { sizes.add(traffic) }
    return sizes.bytes
  }

  /// Adds up periods in a row, once there are as many as a sum has.
  func addUp() async {
    let changes = changes
    let completed = await Self.completed(sums, held)
    // A sum of what is changed or not held any more by now would be wrong; the next time it is made anew.
    if self.changes == changes { sums = completed }
  }

  /// Elsewhere, since it takes a while.
  @concurrent private static func completed(_ sums: PeriodSums, _ held: [GlobalPeriod]) async -> PeriodSums {
    var sums = sums
    sums.complete(held)
    return sums
  }

  /// Whether it belongs in memory: what is before the oldest there is read from the store.
  func isHeld(_ period: Period) -> Bool { held.first.map { $0.period <= period } ?? true }

  /// Tells all that wait.
  func publish(_ traffic: GlobalPeriod) {
    let most = max(1, min(configuration.heldPeriods, held.count))
    if closings?.add(traffic, most: most) == true {
      logger.warning("the loop takes no closed periods, and \(most) wait for it: it isn't told of older ones")
    }
    wake()
  }

  func wake() {
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
}
