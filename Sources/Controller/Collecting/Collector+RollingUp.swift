internal import FoundationEssentials
internal import Logging
internal import Model
internal import Storage
internal import Traffic

/// How far periods have been rolled up, by the length of the longer ones.
struct RolledUp: Codable, Hashable {
  /// By nanoseconds, as text.
  private var ends: [String: Int64] = [:]

  static let key = "rolled-up"

  subscript(length: Int64) -> Timestamp? {
    get { ends[String(length)].map(Timestamp.init(nanoseconds:)) }
    set { ends[String(length)] = newValue?.nanoseconds }
  }

  /// Of all lengths.
  var until: Timestamp? { ends.values.max().map(Timestamp.init(nanoseconds:)) }
}

extension Collector {
  func loadRolledUp() async throws {
    guard let data = try await store.value(forKey: RolledUp.key) else { return }
    rolledUp = (try? JSONDecoder().decode(RolledUp.self, from: data)) ?? RolledUp()
  }

  /// Rolls up whatever is old enough, until it is cancelled.
  func rollUpFromTimeToTime() async {
    while !Task.isCancelled, !configuration.rollUps.isEmpty {
      await rollUpWhatIsOld()
      try? await clock.sleep(until: clock.now.advanced(bySeconds: 60))
    }
  }

  package func rollUpWhatIsOld() async {
    for level in configuration.rollUps {
      let end = Period(containing: clock.now.advanced(byNanoseconds: -level.age), length: level.length).start
      let start = rolledUp[level.length]
      guard start.map({ $0 < end }) ?? true else { continue }
      do {
        try await rollUp(level, from: start ?? Timestamp(nanoseconds: .min), to: end)
      } catch {
        logger.error("periods before \(end) can't be rolled up: \(error)")
        return
      }
    }
  }

  private func rollUp(_ level: RollUp, from start: Timestamp, to end: Timestamp) async throws {
    // First of all, so that no report comes to what is being added up.
    rolledUp[level.length] = end
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
    try await store.set(JSONEncoder().encode(rolledUp), forKey: RolledUp.key)
  }

  /// - Parameter parts: all of one span.
  private func rollUp(_ parts: [Period], _ level: RollUp) async throws {
    guard let first = parts.first else { return }
    let span = Period(containing: first.start, length: level.length)
    guard parts != [span] else { return }
    var sum: GlobalPeriod?
    // A few at a time: all of them may be more than memory holds.
    for start in stride(from: 0, to: parts.count, by: PeriodSums.size) {
      var some = sum.map { [$0] } ?? []
      for period in parts[start..<min(start + PeriodSums.size, parts.count)] {
        let reports = try await store.reports(of: period)
        let kept = try await store.traffic(of: period, like: some.last ?? held.last)
        some.append(
          kept?.amended(by: reports) ?? GlobalPeriod(period: period, reports: reports, expectedHosts: []))
      }
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
