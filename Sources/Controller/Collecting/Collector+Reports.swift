internal import Logging
internal import Model
internal import Storage
package import Traffic
internal import Wire

extension Collector: ReportIntake {
  /// Returns once the report is on disk. One that was there before changes nothing.
  ///
  /// - Throws: `ReportRefusal` where its time can't be right; `StoreError` where it can't be kept now.
  package func take(_ report: SensorReport) async throws {
    if let refusal = refusal(of: report) { throw refusal }
    let period = report.period
    arriving[period, default: 0] += 1
    defer { arrived(period) }
    let isNew: Bool
    do {
      isNew = try await store.save(report)
      note(nil)
    } catch {
      note(error)
      throw error
    }
    // One that isn't new may be another controller's, which took it after this one had read what there was.
    if isNew {
      note(period, of: report.host)
    } else if traffic(of: period)?.reports.contains(ReportKey(report)) ?? false {
      return
    }
    if isLate(period), open[period] == nil {
      amend(period)
    } else {
      update(period) { $0.take(report) }
      await closeWhatIsReady()
    }
  }

  private func arrived(_ period: Period) {
    let rest = (arriving[period] ?? 1) - 1
    arriving[period] = rest > 0 ? rest : nil
    // Whoever rolls up waits for what was on its way.
    if isRefused(period) { wake() }
  }

  /// Hosts whose clocks and periods are alike have one or two.
  private static let mostOpenPeriods = 256
  /// Seconds by which a period may begin after the controller's time, or its length where that is less. Its end says
  /// nothing: an agent that ends reports a period that it has cut short.
  private static let farthestAhead = 60.0

  private func isLate(_ period: Period) -> Bool {
    isClosed(period) || period.end.advanced(byNanoseconds: configuration.grace) <= clock.now
  }

  private func refusal(of report: SensorReport) -> ReportRefusal? {
    let (now, period) = (clock.now, report.period)
    guard WireLimits.periods.contains(period.length) else {
      return ReportRefusal("periods of \(period.seconds) s: they must be between 1 s and an hour long")
    }
    guard period == Period(containing: period.start, length: period.length) else {
      return ReportRefusal("its period begins at \(period.start), which is no multiple of \(period.seconds) s since 1970")
    }
    if open[period] == nil, !isLate(period), open.count >= Self.mostOpenPeriods {
      return ReportRefusal("\(open.count) periods aren't closed yet, more than hosts with one length of periods have")
    }
    let ahead = period.start.seconds - now.seconds
    if ahead > min(period.seconds, Self.farthestAhead) {
      return ReportRefusal(
        "its period begins \(Int(ahead)) s after the controller's time, \(now): set the clock of \(report.host) right")
    }
    if let end = rolledUp.until, isRefused(period) {
      return ReportRefusal("its period began at \(period.start); those before \(end) have been rolled up into longer ones")
    }
    if now.seconds - period.end.seconds > Double(configuration.oldest) / 1e9 {
      return ReportRefusal(
        "its period ended at \(period.end), more than \(configuration.oldest / 86_400_000_000_000) days before the "
          + "controller's time, \(now): set the clock of \(report.host) right, or forget the report")
    }
    return nil
  }

  /// Closes the periods whose hosts have all reported, or whose grace has passed; at any time, and at `nextDeadline` at
  /// the latest.
  package func closeWhatIsReady() async {
    guard !configuration.isFollowing else { return }
    let hosts = await expectedHosts()
    openWhatHasEnded(awaited: hosts)
    let now = clock.now
    var isAnyClosed = false
    for period in open.keys.sorted() where period.end <= now && !merging.contains(period) {
      guard let reports = open[period] else { continue }
      let isOver = period.end.advanced(byNanoseconds: configuration.grace) <= now
      guard isOver || (!hosts.isEmpty && hosts.isSubset(of: reports.hosts)) else { continue }
      // Nobody reported, and nobody ought to have.
      guard !reports.isEmpty || !hosts.isEmpty else {
        open[period] = nil
        continue
      }
      merging.insert(period)
      let traffic = await Self.merged(reports, hosts)
      merging.remove(period)
      let isLate = open.removeValue(forKey: period)?.count ?? 0 > traffic.reports.count
      insert(traffic)
      publish(traffic)
      keep(traffic)
      isAnyClosed = true
      // Meanwhile more have come.
      if isLate { amend(period) }
    }
    guard isAnyClosed else { return }
    await saveAll()
    await addUp()
  }

  /// Elsewhere: of many pairs it takes a tenth of a second, in which reports and queries come.
  @concurrent private static func merged(_ reports: PeriodReports, _ hosts: Set<String>) async -> GlobalPeriod {
    reports.merged(expectedHosts: hosts)
  }

  /// The period that has just ended is awaited, also where no report of it has come yet.
  private func openWhatHasEnded(awaited hosts: Set<String>) {
    guard let length, !hosts.isEmpty else { return }
    let now = clock.now
    let running = Period(containing: now, length: length)
    let ended = Period(start: running.start.advanced(byNanoseconds: -length), length: length)
    guard !isClosed(ended), open[ended] == nil, ended.end.advanced(byNanoseconds: configuration.grace) > now else { return }
    update(ended) { _ in }
  }

  /// When something may have to be closed next, though no report comes.
  var nextDeadline: Timestamp? {
    guard let length else { return nil }
    let now = clock.now
    let running = Period(containing: now, length: length).end
    return Set(open.keys).subtracting(merging).reduce(running) { deadline, period in
      min(deadline, period.end > now ? period.end : period.end.advanced(byNanoseconds: configuration.grace))
    }
  }

  /// Closes periods when it is time, until it is cancelled; beside that it reads older ones, and rolls them up if wanted.
  package func run() async throws {
    let reading = Task {
      await saveAll()
      try await fillInTheEnd()
      await rollUpFromTimeToTime()
    }
    defer { reading.cancel() }
    while true {
      await closeWhatIsReady()
      let deadline = nextDeadline
      let (number, changes) = watch()
      await withTaskGroup(of: Void.self) { group in
        group.addTask { [clock] in
          guard let deadline else { return await Self.first(of: changes) }
          try? await clock.sleep(until: deadline)
        }
        group.addTask { await Self.first(of: changes) }
        await group.next()
        group.cancelAll()
      }
      endWatching(number)
      try Task.checkCancellation()
    }
  }

  static func first(of changes: AsyncStream<Void>) async {
    for await _ in changes { return }
  }
}
