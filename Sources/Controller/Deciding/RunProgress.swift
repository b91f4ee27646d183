package import Model
internal import Planning
package import Traffic

/// How far an application's run has come since its document was first applied.
package struct RunProgress: Codable, Hashable, Sendable {
  /// Since when it is looked after; all times are nanoseconds since 1970.
  package var began: Int64
  /// When its VMs last exchanged anything: the end of that period; nil: not yet.
  package var active: Int64?
  /// Since when `remainingHours` counts.
  package var statedAt: Int64
  /// What remained then, where that isn't what the document says any more.
  package var hours: Double?
  /// Since when messages are counted, and until when they have been.
  package var countedSince: Int64
  package var countedUntil: Int64
  /// Between its VMs.
  package var messages = 0.0
  /// Of the time counted, seconds of which reports are missing.
  package var missingSeconds = 0.0

  /// - Parameter earlier: of the same run, when something else was stated of it.
  package init(since time: Timestamp, after earlier: RunProgress? = nil) {
    (statedAt, countedSince, countedUntil) = (time.nanoseconds, time.nanoseconds, time.nanoseconds)
    (began, active) = (earlier?.began ?? time.nanoseconds, earlier?.active)
  }

  /// Counts what VMs exchanged in closed periods, the oldest first.
  ///
  /// - Returns: whether there was anything new.
  package mutating func count(_ periods: [GlobalPeriod], of vms: Set<String>) -> Bool {
    let before = countedUntil
    for period in periods where period.period.end.nanoseconds > countedUntil {
      let missing = Double(period.period.start.nanoseconds - countedUntil) / 1e9
      let rate = Verification.messageRate(of: vms, in: [period])
      if rate > 0 { active = period.period.end.nanoseconds }
      if missing >= 0, period.isComplete {
        messages += rate * period.period.seconds
        missingSeconds += missing
      } else {
        // It began before, or only a part of it was seen.
        missingSeconds += Double(period.period.end.nanoseconds - countedUntil) / 1e9
      }
      countedUntil = period.period.end.nanoseconds
    }
    return countedUntil != before
  }

  /// How long the run took, hours, where it has ended: nothing was exchanged for so many seconds; nil: it goes on.
  package func length(of application: Application, at now: Timestamp, silence: Double) -> Double? {
    guard application.hasEnd, let active, Double(now.nanoseconds - active) / 1e9 >= silence else { return nil }
    let hours = Double(active - (application.run?.started?.nanoseconds ?? began)) / 3.6e12
    return hours > 0 ? hours : nil
  }

  /// An application with what has been seen of its run; a service as it is.
  ///
  /// - Parameter earlier: how long earlier runs took, hours; what the document states stands.
  package func applied(
    to application: Application, on periods: [GlobalPeriod], earlier: [Double] = []
  ) -> Application {
    guard application.hasEnd else { return application }
    var application = application
    application.remainingHours = hours ?? application.remainingHours
    var run = application.run ?? Run()
    if run.earlierHours.isEmpty, !earlier.isEmpty {
      // Those were counted from when they were applied, where nothing else was said.
      run.earlierHours = earlier
      run.started = run.started ?? Timestamp(nanoseconds: began)
    }
    let names = Set(application.vms.map(\.name))
    let rates = run.totalMessages == nil ? [] : periods.map { Verification.messageRate(of: names, in: [$0]) }
    let seconds = periods.reduce(0) { $0 + $1.period.seconds }
    let rate = seconds > 0 ? zip(rates, periods).reduce(0) { $0 + $1.0 * $1.1.period.seconds } / seconds : 0
    var guessed = missingSeconds * rate
    // What the document says was sent until it was applied.
    let before = run.started.map { max(0, Double(countedSince - $0.nanoseconds) / 1e9) * rate }
    if run.sentMessages == nil { guessed += before ?? 0 }
    run.sentMessages = (run.sentMessages ?? before).map { $0 + messages + missingSeconds * rate }
    run.seen = Run.Seen(
      statedAt: Timestamp(nanoseconds: statedAt), rates: rates,
      periodSeconds: seconds / Double(max(1, periods.count)), guessedMessages: guessed)
    application.run = run
    return application
  }

  /// Moves have made the application so many times as fast: what was stated takes so much less.
  package mutating func speedUp(by gain: Double, of application: Application, at now: Timestamp) {
    guard gain > 0, let stated = hours ?? application.remainingHours else { return }
    let left = stated - Double(now.nanoseconds - statedAt) / 3.6e12
    // Outlived already: there is nothing left to be done faster.
    guard left > 0 else { return }
    (hours, statedAt) = (left / gain, now.nanoseconds)
  }
}
