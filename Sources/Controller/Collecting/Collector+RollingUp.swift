internal import FoundationEssentials
internal import Logging
internal import Model
internal import Storage
internal import Traffic

/// How far periods are rolled up, by the length of the longer ones.
struct RolledUp: Codable, Hashable {
  /// By nanoseconds, as text: of what began before them no report is taken any more. Kept before anything is replaced,
  /// so that whoever goes on after a crash refuses the same.
  private var ends: [String: Int64] = [:]
  /// What began before them has been replaced. Absent in what earlier versions kept, when that was done for `ends`.
  private var done: [String: Int64]?

  static let key = "rolled-up"

  /// Reports of what began before it are refused, whatever the length.
  var until: Timestamp? { Self.latest(ends.values) }
  /// What began before it is rolled up, as far as it can be, whatever the length.
  var doneUntil: Timestamp? { Self.latest((done ?? ends).values) }

  func end(of length: Int64) -> Timestamp? { ends[String(length)].map(Timestamp.init(nanoseconds:)) }

  func doneEnd(of length: Int64) -> Timestamp? { (done ?? ends)[String(length)].map(Timestamp.init(nanoseconds:)) }

  func begun(_ length: Int64, until end: Timestamp) -> RolledUp {
    var new = self
    new.done = done ?? ends
    new.ends[String(length)] = end.nanoseconds
    return new
  }

  func finished(_ length: Int64) -> RolledUp {
    var new = self
    new.done = done ?? ends
    new.done?[String(length)] = ends[String(length)]
    return new
  }

  private static func latest(_ times: some Sequence<Int64>) -> Timestamp? {
    times.max().map(Timestamp.init(nanoseconds:))
  }
}

extension Collector {
  func loadRolledUp() async throws {
    guard let data = try await store.value(forKey: RolledUp.key) else { return }
    rolledUp = (try? JSONDecoder().decode(RolledUp.self, from: data)) ?? RolledUp()
  }

  /// No report of such a period is taken any more.
  func isRefused(_ period: Period) -> Bool { rolledUp.until.map { period.start < $0 } ?? false }

  /// What belongs to such a period is in a longer one. A report that is there by itself came too late to be counted: from
  /// a controller that had lost the lead, which didn't acknowledge it.
  func isRolledUp(_ period: Period) -> Bool { rolledUp.doneUntil.map { period.start < $0 } ?? false }

  /// Rolls up whatever is old enough, until it is cancelled.
  func rollUpFromTimeToTime() async {
    while !Task.isCancelled, !configuration.rollUps.isEmpty {
      await rollUpWhatIsOld()
      try? await clock.sleep(until: clock.now.advanced(bySeconds: 60))
    }
  }

  package func rollUpWhatIsOld() async {
    for level in configuration.rollUps {
      let due = Period(containing: clock.now.advanced(byNanoseconds: -level.age), length: level.length).start
      // What was begun is brought to its end.
      let end = max(due, rolledUp.end(of: level.length) ?? due)
      let start = rolledUp.doneEnd(of: level.length)
      guard start.map({ $0 < end }) ?? true else { continue }
      do {
        try await rollUp(level, from: start ?? Timestamp(nanoseconds: .min), to: end)
      } catch {
        if !Task.isCancelled { logger.error("periods before \(end) can't be rolled up: \(error)") }
        return
      }
    }
  }

  private func rollUp(_ level: RollUp, from start: Timestamp, to end: Timestamp) async throws {
    try await keep(rolledUp.begun(level.length, until: end))
    try await settle(before: end)
    var parts: [Period] = []
    for period in try await store.periods(last: .max, from: start, to: end) {
      let span = Period(containing: period.start, length: level.length)
      if let first = parts.first, Period(containing: first.start, length: level.length) != span {
        try await rollUp(parts, level)
        parts = []
      }
      // One that reaches beyond its span stays what it is.
      if period.end <= span.end { parts.append(period) }
      try Task.checkCancellation()
    }
    try await rollUp(parts, level)
    try await keep(rolledUp.finished(level.length))
  }

  private func keep(_ new: RolledUp) async throws {
    guard new != rolledUp else { return }
    try await store.set(JSONEncoder().encode(new), forKey: RolledUp.key)
    rolledUp = new
  }

  /// Returns when all that was taken of periods before that is merged and kept; nothing more of them is taken by now.
  private func settle(before end: Timestamp) async throws {
    let (number, changes) = watch()
    defer { endWatching(number) }
    await closeWhatIsReady()
    while isUnsettled(before: end) {
      await Self.first(of: changes)
      try Task.checkCancellation()
    }
    await saveAll()
    guard !unsaved.keys.contains(where: { $0.start < end }) else {
      throw StoreError(.other, "some of them, which were amended, aren't kept yet")
    }
  }

  private func isUnsettled(before end: Timestamp) -> Bool {
    [Set(arriving.keys), outdated, Set(amending.map { [$0] } ?? []), Set(open.keys)].joined()
      .contains { $0.start < end }
  }

  /// - Parameter parts: all of one span.
  private func rollUp(_ parts: [Period], _ level: RollUp) async throws {
    guard let first = parts.first else { return }
    let span = Period(containing: first.start, length: level.length)
    // Done, before a crash.
    guard !parts.contains(span) else { return }
    var sum: GlobalPeriod?
    // A few at a time: all of them may be more than memory holds.
    for start in stride(from: 0, to: parts.count, by: PeriodSums.size) {
      var some = sum.map { [$0] } ?? []
      for period in parts[start..<min(start + PeriodSums.size, parts.count)] {
        if let traffic = try await stored(period, like: some.last) { some.append(traffic) }
      }
      guard !some.isEmpty else { continue }
      sum = await Self.sum(some, span)
      // Of different lengths.
      if sum == nil { return logger.warning("the periods from \(span.start) to \(span.end) can't be rolled up") }
    }
    guard let sum else { return }
    try await store.rollUp(sum)
    replace(parts, by: sum)
  }

  /// Elsewhere: it takes a while.
  @concurrent private static func sum(_ periods: [GlobalPeriod], _ span: Period) async -> GlobalPeriod? {
    GlobalPeriod(rollingUp: periods, into: span)
  }
}
