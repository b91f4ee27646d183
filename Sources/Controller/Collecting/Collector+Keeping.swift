internal import Logging
internal import Model
internal import Storage
internal import Traffic

extension Collector {
  /// So many are read before anything else: enough to go on with.
  private static let firstRead = 8

  /// Reads what the store holds of the newest periods; before anything else. Those before them are read by `run`, which
  /// also saves what is new in these: whoever takes a leader's place is to serve soon.
  ///
  /// - Throws: `StoreError`
  package func load() async throws {
    startTime = clock.now
    try await loadRolledUp()
    let periods = try await store.periods(
      last: min(Self.firstRead, configuration.heldPeriods), from: Timestamp(nanoseconds: .min),
      to: Timestamp(nanoseconds: .max))
    for period in periods { try await readable(period) { try await load(period) } }
    if let last = held.last { logger.info("goes on after the period from \(last.period.start)") }
  }

  private func load(_ period: Period) async throws {
    if let found = try await kept(period, hosts: hostsBefore) {
      length = found.traffic.partLength
      hostsBefore = found.traffic.expectedHosts
      insert(found.traffic)
      if found.isNew { keep(found.traffic) }
    } else if !isRolledUp(period) {
      length = period.length
      var taken = PeriodReports(period: period, like: held.last)
      for report in try await store.reports(of: period) { taken.take(report) }
      open[period] = taken
    }
  }

  /// A period as the store has it, with reports that came later, and whether these are new in it. Nil: it isn't over yet,
  /// another controller is to close it, or its span has been rolled up.
  ///
  /// - Parameter hosts: that ought to have reported besides those that did, where it ended while nobody was there to
  ///   close it; none: nobody knows.
  private func kept(_ period: Period, hosts: Set<String>) async throws -> (traffic: GlobalPeriod, isNew: Bool)? {
    let reports = try await store.reports(of: period)
    let kept = try await store.traffic(of: period, like: held.last)
    if let kept, reports.isEmpty { return (kept, false) }
    if kept == nil, isRolledUp(period) { return nil }
    let isOver = period.end.advanced(byNanoseconds: configuration.grace) <= clock.now
    if kept == nil, configuration.isFollowing || !isOver { return nil }
    let traffic =
      kept?.amended(by: reports)
      ?? (hosts.isEmpty
        ? GlobalPeriod(unclosed: period, reports: reports)
        : GlobalPeriod(period: period, reports: reports, expectedHosts: hosts.union(reports.map(\.host))))
    return (traffic, !configuration.isFollowing)
  }

  /// All that the store has of a period, whether or not it is over. Nil: its span has been rolled up.
  ///
  /// - Parameter neighbour: whose endpoints it shares if it can; nil: the newest that is held.
  func stored(_ period: Period, like neighbour: GlobalPeriod?) async throws -> GlobalPeriod? {
    let reports = try await store.reports(of: period)
    let kept = try await store.traffic(of: period, like: neighbour ?? held.last)
    guard kept != nil || !isRolledUp(period) else { return nil }
    return kept?.amended(by: reports) ?? GlobalPeriod(unclosed: period, reports: reports)
  }

  /// Reads older periods until that has been possible; ends early when it is cancelled.
  func fillInTheEnd() async throws {
    while await !fill() { try await Task.sleep(for: .seconds(10)) }
  }

  /// Reads older periods, as many as memory is meant for, the newest of them first.
  ///
  /// - Returns: whether they could be read.
  package func fill() async -> Bool {
    do {
      var oldest = held.first?.period.start ?? clock.now
      while !holdsAll {
        let older = try await store.periods(last: 8, from: Timestamp(nanoseconds: .min), to: oldest)
        for period in older.reversed() where traffic(of: period) == nil && open[period] == nil {
          var isRead = false
          try await readable(period) {
            guard let found = try await keptNow(period) else { return }
            insert(found.traffic)
            if found.isNew { keep(found.traffic) }
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

  /// As it is at its return: what is amended meanwhile is read again, and not written over.
  private func keptNow(_ period: Period) async throws -> (traffic: GlobalPeriod, isNew: Bool)? {
    while true {
      let count = amendments
      let found = try await kept(period, hosts: held.first?.expectedHosts ?? [])
      if amendments == count { return found }
    }
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
  /// So many without a report: nothing but these says that hosts ought to have sent some. They are small, a day's worth.
  private static let mostUnsavedWithoutReports = 2880

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
        // What is late is another's to amend.
        if (error as? StoreError)?.code == .notLeading { outdated = [] }
        forgetUnsaved(last: Self.mostUnsaved) { !$0.reports.isEmpty }
        forgetUnsaved(last: Self.mostUnsavedWithoutReports) { $0.reports.isEmpty }
        return
      }
    }
  }

  private func forgetUnsaved(last count: Int, _ isMeant: (GlobalPeriod) -> Bool) {
    let periods = unsaved.filter { isMeant($0.value) }.keys.sorted()
    for old in periods.dropLast(count) { unsaved[old] = nil }
  }

  // MARK: - Amending

  /// Late reports of a period that is closed, or was never opened: they are in the store.
  func amend(_ period: Period) {
    outdated.insert(period)
    guard amending == nil else { return }
    amending = period
    Task { await amendOutdated() }
  }

  private func amendOutdated() async {
    while let period = outdated.popFirst() {
      amending = period
      do {
        try await amendNow(period)
      } catch {
        // It is on the disk, and read from there at the next start.
        logger.error("the period from \(period.start) can't be amended: \(error)")
      }
    }
    amending = nil
    wake()
  }

  private func amendNow(_ period: Period) async throws {
    guard let traffic = try await amended(period) else { return }
    keep(traffic)
    if isHeld(period) {
      insert(traffic)
      publish(traffic)
    }
    await saveAll()
  }

  /// With all that has come; nil: it has that already. As it is at its return, like `keptNow`.
  private func amended(_ period: Period) async throws -> GlobalPeriod? {
    while true {
      let count = amendments
      // More may come meanwhile: then it is in the set again.
      let reports = try await store.reports(of: period)
      guard !reports.isEmpty else { return nil }
      let kept = try await store.traffic(of: period, like: held.last)
      let hosts = await expectedHosts()
      // Of what there is in memory the store may not have all yet.
      let traffic: GlobalPeriod
      if let before = unsaved[period] ?? self.traffic(of: period) ?? kept {
        traffic = await Self.amended(before, by: reports)
        if amendments == count { return traffic.reports.count > before.reports.count ? traffic : nil }
      } else {
        // A gap until now. Those of the period closed before it, and what lives now.
        let expected = hosts.union(held.last { $0.period < period }?.expectedHosts ?? [])
        traffic =
          expected.isEmpty
          ? GlobalPeriod(unclosed: period, reports: reports)
          : GlobalPeriod(period: period, reports: reports, expectedHosts: expected)
        if amendments == count { return traffic }
      }
    }
  }

  /// Elsewhere, since it takes a while.
  @concurrent private static func amended(_ traffic: GlobalPeriod, by reports: [SensorReport]) async -> GlobalPeriod {
    traffic.amended(by: reports)
  }
}
