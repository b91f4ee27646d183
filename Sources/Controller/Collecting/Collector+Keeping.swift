internal import Logging
internal import Model
internal import Storage
internal import Traffic

extension Collector {
  /// Reads what the store holds of the newest periods; before anything else.
  ///
  /// - Throws: `StoreError`
  package func load() async throws {
    try await loadNewest(.max)
    await loadOlder()
  }

  /// So many are enough to take reports, to close periods and to decide; hosts wait for them when the lead changes.
  package static let neededAtStart = 8

  /// Reads the newest of those; `run` reads the older ones while hosts are served.
  ///
  /// - Throws: `StoreError`
  package func loadNewest(_ count: Int = Collector.neededAtStart) async throws {
    startTime = clock.now
    let periods = try await store.periods(
      last: configuration.heldPeriods, from: Timestamp(nanoseconds: .min), to: Timestamp(nanoseconds: .max))
    older = Array(periods.dropLast(count))
    for period in periods.suffix(count) { try await load(period) }
    await saveAll()
  }

  private func load(_ period: Period) async throws {
    let reports = try await store.reports(of: period)
    if let kept = try await store.traffic(of: period, like: held.last) {
      length = kept.partLength
      let traffic = reports.isEmpty ? kept : kept.amended(by: reports)
      hostsBefore = traffic.expectedHosts
      insert(traffic)
      if !reports.isEmpty { unsaved[period] = traffic }
    } else if period.end.advanced(byNanoseconds: configuration.grace) > clock.now {
      length = period.length
      var taken = PeriodReports(period: period, like: held.last)
      for report in reports { taken.take(report) }
      open[period] = taken
    } else {
      // It ended while nobody was there to close it.
      length = period.length
      hostsBefore.formUnion(reports.map(\.host))
      let traffic = GlobalPeriod(period: period, reports: reports, expectedHosts: hostsBefore)
      insert(traffic)
      unsaved[period] = traffic
    }
  }

  /// The newest first, so that there is no gap in what is held: what is older is read for whoever asks.
  func loadOlder() async {
    do {
      while let period = older.popLast(), !Task.isCancelled, try await loadOlder(period) {}
    } catch {
      logger.error("older periods can't be read, and are held by the next controller: \(error)")
    }
    older = []
    await saveAll()
    addUp()
    if let last = held.last {
      logger.info("holds \(held.count) periods, the last from \(last.period.start)")
    }
  }

  /// - Returns: whether there is room for another.
  private func loadOlder(_ period: Period) async throws -> Bool {
    let reports = try await store.reports(of: period)
    let kept = try await store.traffic(of: period, like: held.last)
    // Late reports may have brought it meanwhile.
    guard traffic(of: period) == nil, unsaved[period] == nil else { return true }
    guard isHeld(period) else { return false }
    let known = held.first?.expectedHosts ?? hostsBefore
    let traffic =
      kept.map { reports.isEmpty ? $0 : $0.amended(by: reports) }
      ?? GlobalPeriod(period: period, reports: reports, expectedHosts: known.union(reports.map(\.host)))
    insert(traffic)
    if kept == nil || !reports.isEmpty { unsaved[period] = traffic }
    return held.first?.period == period
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
      let known = Set(before.reports)
      let late = reports.filter { !known.contains(ReportKey($0)) }
      guard !late.isEmpty else { return }
      traffic = before.amended(by: late)
    } else {
      // A gap until now. Those of the period closed before it, and what lives now.
      let before = held.last { $0.period < period }?.expectedHosts ?? []
      traffic = GlobalPeriod(period: period, reports: reports, expectedHosts: hosts.union(before))
    }
    unsaved[period] = traffic
    if isHeld(period) {
      insert(traffic)
      publish(traffic)
    }
    await saveAll()
  }
}
