package import Model
package import Traffic

/// How far an application's run has come since its document was applied.
package struct RunProgress: Codable, Hashable, Sendable {
  /// Since when `remainingHours` counts; nanoseconds since 1970.
  package var statedAt: Int64
  /// What remained then, where that isn't what the document says any more.
  package var hours: Double?
  /// Since when messages are counted, and until when they have been; nanoseconds since 1970.
  package var countedSince: Int64
  package var countedUntil: Int64
  /// Between its VMs.
  package var messages = 0.0
  /// Of the time counted, seconds of which reports are missing.
  package var missingSeconds = 0.0

  package init(since time: Timestamp) {
    (statedAt, countedSince, countedUntil) = (time.nanoseconds, time.nanoseconds, time.nanoseconds)
  }

  /// Counts what VMs exchanged in closed periods, the oldest first.
  ///
  /// - Returns: whether there was anything new.
  package mutating func count(_ periods: [GlobalPeriod], of vms: Set<String>) -> Bool {
    let before = countedUntil
    for period in periods where period.period.end.nanoseconds > countedUntil {
      let missing = Double(period.period.start.nanoseconds - countedUntil) / 1e9
      if missing >= 0, period.isComplete {
        messages += Verification.messageRate(of: vms, in: [period]) * period.period.seconds
        missingSeconds += missing
      } else {
        // It began before, or only a part of it was seen.
        missingSeconds += Double(period.period.end.nanoseconds - countedUntil) / 1e9
      }
      countedUntil = period.period.end.nanoseconds
    }
    return countedUntil != before
  }

  /// An application with what has been seen of its run; a service as it is.
  package func applied(to application: Application, on periods: [GlobalPeriod]) -> Application {
    guard application.remainingHours != nil || application.run != nil else { return application }
    var application = application
    application.remainingHours = hours ?? application.remainingHours
    var run = application.run ?? Run()
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
