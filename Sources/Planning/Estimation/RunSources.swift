import Model

/// What each source says of a run's end, by the formulas of docs/planning.md.
struct RunSources {
  private let run: Run
  private let now: Timestamp
  private let isRunning: Bool
  /// Of this run, seconds; nil: not known.
  private let elapsed: Double?
  private(set) var remarks: [String] = []

  init(_ run: Run, now: Timestamp, isRunning: Bool) {
    (self.run, self.now, self.isRunning) = (run, now, isRunning)
    elapsed = isRunning ? run.started.map { max(0, $0.seconds(until: now)) } : 0
  }

  mutating func remark(_ sentence: String) { remarks.append(sentence) }

  /// Less what has passed since.
  mutating func stated(hours: Double) -> RemainingRun? {
    let (whole, passed) = (hours * 3600, isRunning ? sinceStated ?? 0 : 0)
    if passed == 0 { return RemainingRun(source: .stated, seconds: whole, basis: "as stated") }
    let ago = "\(Words.duration(whole)) as stated, \(Words.duration(passed)) ago"
    guard passed < whole else {
      remark("it has outlived what was stated: \(ago)")
      return nil
    }
    return RemainingRun(source: .stated, seconds: whole - passed, basis: ago)
  }

  private var sinceStated: Double? { run.seen.map { max(0, $0.statedAt.seconds(until: now)) } }

  /// - Parameter rateOfTraffic: messages per second, where no periods tell.
  mutating func messages(of total: Double, rateOfTraffic: () -> Double) -> RemainingRun? {
    let seen = run.seen.flatMap { $0.rates.isEmpty ? nil : $0 }
    let rate = seen.map { $0.rates.mean } ?? rateOfTraffic()
    guard rate > 0 else {
      remark("no message crosses between its VMs: when all are sent isn't known")
      return nil
    }
    let counted = isRunning ? run.sentMessages : 0
    guard let sent = counted ?? elapsed.map({ $0 * rate }) else {
      remark("run.totalMessages isn't used: neither run.sentMessages nor run.started says how many are sent")
      return nil
    }
    let figures = "\(Words.number(sent)) of \(Words.number(total)) messages"
    guard sent < total else {
      remark("it has sent \(figures), and goes on")
      return nil
    }
    let seconds = (total - sent) / rate
    var error: Double?
    if let seen, let spread = seen.rates.deviation {
      // The mean rate is off by what the periods differ; what is left is so many such periods long. Where what was sent
      // comes from the same rate, all of the run is off by that.
      let periods = max(1, seconds / seen.periodSeconds)
      let share = spread / rate * (1 / Double(seen.rates.count) + 1 / periods).squareRoot()
      let ofRate = share * (counted == nil ? total / rate : seconds)
      let guessed = seen.guessedMessages / rate
      error = (ofRate * ofRate + guessed * guessed).squareRoot()
    }
    return RemainingRun(
      source: .messages, seconds: seconds, errorSeconds: error,
      basis: "\(figures) sent, \(Words.number(rate)) a second")
  }

  mutating func earlierRuns() -> RemainingRun? {
    guard !run.earlierHours.isEmpty else { return nil }
    guard let elapsed else {
      remark("run.earlierHours isn't used: run.started doesn't say how long this run has gone on")
      return nil
    }
    let all = run.earlierHours.map { $0 * 3600 }
    let longer = all.filter { $0 > elapsed }
    guard !longer.isEmpty else {
      let runs = all.count == 1 ? "the earlier run" : "all \(all.count) earlier runs"
      remark("it has gone on for \(Words.duration(elapsed)), longer than \(runs)")
      return nil
    }
    let (mean, count) = (longer.mean, Double(longer.count))
    let which =
      longer.count == all.count
      ? Words.count(all.count, "earlier run") : "the \(longer.count) of \(all.count) earlier runs that took longer"
    return RemainingRun(
      source: .earlierRuns, seconds: mean - elapsed,
      // Of one more run like those: their spread, and that of their mean.
      errorSeconds: longer.deviation.map { $0 * (1 + 1 / count).squareRoot() },
      basis: "\(which) (\(Words.duration(mean)))" + (elapsed > 0 ? ", \(Words.duration(elapsed)) of it gone" : ""))
  }

  mutating func jobLimit() -> RemainingRun? {
    guard let ends = run.jobEnds else { return nil }
    let seconds = now.seconds(until: ends)
    guard seconds > 0 else {
      remark("its job ended at \(ends)")
      return nil
    }
    return RemainingRun(source: .jobLimit, seconds: seconds, basis: "its job ends at \(ends), done or not")
  }

  /// A process that has lived for some time lives as long again with a chance of one half (Harchol-Balter and Downey,
  /// "Exploiting process lifetime distributions for dynamic load balancing", 1997).
  func age() -> RemainingRun? {
    guard isRunning, let age = elapsed ?? sinceStated, age > 0 else { return nil }
    return RemainingRun(
      source: .age, seconds: age, basis: "it has gone on for \(Words.duration(age)): as likely as not as long again")
  }
}

extension [Double] {
  /// Of at least one.
  var mean: Double { reduce(0, +) / Double(count) }

  /// Nil of none.
  package var median: Double? {
    guard !isEmpty else { return nil }
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }

  /// Standard deviation of a sample; nil of fewer than two.
  var deviation: Double? {
    guard count > 1 else { return nil }
    let mean = mean
    return (reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)).squareRoot()
  }
}
