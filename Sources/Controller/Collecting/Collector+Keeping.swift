internal import Logging
internal import Model
internal import Storage
internal import Traffic

extension Collector {
  /// So many are read before anything else: enough to go on with. A new leader is to serve soon.
  private static let firstRead = 8

  /// Reads what the store holds of the newest periods; before anything else. Those before them are read by `run`.
  ///
  /// - Throws: `StoreError`
  package func load() async throws {
    startTime = clock.now
    try await loadRolledUp()
    let periods = try await store.periods(
      last: min(Self.firstRead, configuration.heldPeriods), from: Timestamp(nanoseconds: .min),
      to: Timestamp(nanoseconds: .max))
    for period in periods { try await readable(period) { try await load(period) } }
    await saveAll()
    if let last = held.last { logger.info("goes on after the period from \(last.period.start)") }
  }

  private func load(_ period: Period) async throws {
    if let traffic = try await kept(period, hosts: hostsBefore) {
      length = traffic.partLength
      hostsBefore = traffic.expectedHosts
      insert(traffic)
    } else {
      length = period.length
      var taken = PeriodReports(period: period, like: held.last)
      for report in try await store.reports(of: period) { taken.take(report) }
      open[period] = taken
    }
  }

  /// One that is damaged is left out, as a gap: the others are as good as before.
  private func readable(_ period: Period, _ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch let error as StoreError where error.code == .damaged {
      logger.error("the period from \(period.start) can't be read, and is left out: \(error)")
    }
  }

  /// A period as the store has it, with reports that came later; what is new in that is saved. Nil: it isn't over yet, or
  /// another controller is to close it.
  ///
  /// - Parameter hosts: that ought to have reported besides those that did, where it ended while nobody was there to
  ///   close it.
  private func kept(_ period: Period, hosts: Set<String>) async throws -> GlobalPeriod? {
    let reports = try await store.reports(of: period)
    let kept = try await store.traffic(of: period, like: held.last)
    if let kept, reports.isEmpty { return kept }
    let isOver = period.end.advanced(byNanoseconds: configuration.grace) <= clock.now
    if kept == nil, configuration.isFollowing || !isOver { return nil }
    let traffic =
      kept?.amended(by: reports)
      ?? GlobalPeriod(period: period, reports: reports, expectedHosts: hosts.union(reports.map(\.host)))
    if !configuration.isFollowing { unsaved[period] = traffic }
    return traffic
  }

  /// Reads older periods, as many as memory is meant for, the newest of them first.
  ///
  /// - Returns: whether they could be read.
  func fill() async -> Bool {
    do {
      var oldest = held.first?.period.start ?? clock.now
      while held.count < configuration.heldPeriods {
        let older = try await store.periods(last: 8, from: Timestamp(nanoseconds: .min), to: oldest)
        for period in older.reversed() where traffic(of: period) == nil && open[period] == nil {
          var isRead = false
          try await readable(period) {
            let count = amendments
            guard let traffic = try await kept(period, hosts: held.first?.expectedHosts ?? []) else { return }
            // What came meanwhile isn't in it.
            insert(amendments == count ? traffic : try await kept(period, hosts: []) ?? traffic)
            isRead = true
          }
          guard isRead else { continue }
          guard self.traffic(of: period) != nil else {
            await saveAll()
            return true
          }
          await addUp()
        }
        guard let first = older.first else { break }
        oldest = first.start
        await saveAll()
        try Task.checkCancellation()
      }
    } catch is CancellationError {
      return true
    } catch {
      // The store may say in its own words that it was interrupted.
      guard !Task.isCancelled else { return true }
      logger.error("older periods can't be read: \(error)")
      return false
    }
    logger.info("holds \(held.count) periods in \(bytesHeld >> 20) MiB")
    return true
  }

  // MARK: - Saving

  /// Puts what has been closed or amended into the store, in the order of its coming and one at a time, so that nothing
  /// older is written over it.
  func saveAll() async {
    guard !unsaved.isEmpty else { return }
    if saving == nil { saving = Task { await saveEach() } }
    await saving?.value
  }

  /// So many closed periods wait for a store that takes none; reports of others are merged at the next start.
  private static let mostUnsaved = 16

  private func saveEach() async {
    defer { saving = nil }
    while let (period, traffic) = unsaved.min(by: { $0.key < $1.key }) {
      do {
        try await store.save(traffic)
        // It may have been amended meanwhile.
        if unsaved[period] == traffic { unsaved[period] = nil }
      } catch {
        // Its reports are there: it is merged anew at the next start, if not saved before that.
        logger.error("the period from \(period.start) can't be kept: \(error)")
        for old in unsaved.keys.sorted().dropLast(Self.mostUnsaved) { unsaved[old] = nil }
        return
      }
    }
  }

  // MARK: - Amending

  /// Late reports of a period that is closed, or was never opened: they are in the store.
  func amend(_ period: Period) {
    outdated.insert(period)
    guard !isAmending else { return }
    isAmending = true
    Task { await amendOutdated() }
  }

  private func amendOutdated() async {
    while let period = outdated.popFirst() {
      do {
        try await amendNow(period)
      } catch {
        // It is on the disk, and read from there at the next start.
        logger.error("the period from \(period.start) can't be amended: \(error)")
      }
    }
    isAmending = false
  }

  private func amendNow(_ period: Period) async throws {
    // More may come meanwhile: then it is in the set again.
    let reports = try await store.reports(of: period)
    let kept = try await store.traffic(of: period, like: held.last)
    let hosts = await expectedHosts()
    // Of what there is in memory the store may not have all yet.
    let traffic: GlobalPeriod
    if let before = unsaved[period] ?? self.traffic(of: period) ?? kept {
      traffic = await Self.amended(before, by: reports)
      guard traffic.reports.count > before.reports.count else { return }
    } else {
      // A gap until now. Those of the period closed before it, and what lives now.
      let before = held.last { $0.period < period }?.expectedHosts ?? []
      traffic = GlobalPeriod(period: period, reports: reports, expectedHosts: hosts.union(before))
    }
    unsaved[period] = traffic
    amendments += 1
    if isHeld(period) {
      insert(traffic)
      publish(traffic)
    }
    await saveAll()
  }

  /// Elsewhere, since it takes a while.
  @concurrent private static func amended(_ traffic: GlobalPeriod, by reports: [SensorReport]) async -> GlobalPeriod {
    traffic.amended(by: reports)
  }
}
