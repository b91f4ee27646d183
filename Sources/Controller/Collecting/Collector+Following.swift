internal import Logging
internal import Model
internal import Storage
internal import Traffic

extension Collector {
  /// Holds what another controller makes of the periods, until it is cancelled.
  package func follow() async throws {
    let filling = Task { try await fillInTheEnd() }
    let arrivals = try await store.arrivals()
    let listening = Task { for await arrival in arrivals { hear(of: arrival.period) } }
    defer {
      filling.cancel()
      listening.cancel()
    }
    while true {
      do {
        try await catchUp()
      } catch let error as StoreError {
        logger.warning("what the leader has collected can't be read now: \(error)")
      }
      try await clock.sleep(until: clock.now.advanced(bySeconds: 1))
    }
  }

  /// Reports that come to a period that is held amend it, a moment later: it is looked at some times.
  private func hear(of period: Period) {
    if isClosed(period) { looks[period] = 5 }
  }

  /// Takes what is new of the newest periods, and of those that reports have come to.
  package func catchUp() async throws {
    let before = rolledUp
    try await loadRolledUp()
    if rolledUp != before {
      do {
        try await replaceWhatIsRolledUp()
      } catch {
        // The next time all of it is looked at again.
        rolledUp = before
        throw error
      }
    }
    let newest = try await store.periods(
      last: 8, from: Timestamp(nanoseconds: .min), to: Timestamp(nanoseconds: .max))
    for period in Set(looks.keys).union(newest.filter { !isClosed($0) }).sorted() {
      // Whoever is about to lead waits for this to end.
      try Task.checkCancellation()
      let isRead = try await readable(period) { try await catchUp(with: period) }
      // A gap, for which nobody is to wait.
      if !isRead {
        (looks[period], open[period]) = (nil, nil)
        wake()
      }
    }
    await addUp()
    // Those that are rolled up, or were never closed.
    open = open.filter { newest.contains($0.key) }
  }

  private func catchUp(with period: Period) async throws {
    guard let traffic = try await store.traffic(of: period, like: held.last) else { return update(period) { _ in } }
    looks[period] = looks[period].flatMap { $0 > 1 ? $0 - 1 : nil }
    remove(open: period)
    length = traffic.partLength
    guard isHeld(period), self.traffic(of: period) != traffic else { return }
    insert(traffic)
    publish(traffic)
  }

  /// Puts what the leader has added up in the place of its parts, all at once.
  private func replaceWhatIsRolledUp() async throws {
    guard let first = held.first?.period.start, let end = rolledUp.doneUntil, first < end else { return }
    let earliest = Period(containing: first, length: RollUp.longest).start
    var sums: [GlobalPeriod] = []
    for period in try await store.periods(last: .max, from: earliest, to: end)
    where period.end > first && !isClosed(period) {
      // Of one that is damaged the parts stay.
      try await readable(period) {
        if let sum = try await store.traffic(of: period, like: held.last), sum.isRolledUp { sums.append(sum) }
      }
    }
    for sum in sums {
      replace(held.map(\.period).filter { sum.period.start <= $0.start && $0.end <= sum.period.end }, by: sum)
    }
  }
}
