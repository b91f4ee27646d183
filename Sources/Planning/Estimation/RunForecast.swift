public import Model

/// When a run ends: by the source that plans count with, by the others, and why some say nothing.
///
/// What is stated goes first; then, of messages and earlier runs, the one with the smaller error; then the job's limit;
/// then its age. Whatever is chosen, the run ends with its job.
public struct RunForecast: Hashable, Sendable {
  /// Nil: a service, which has no end, or a run of whose end nothing is known.
  public let chosen: RemainingRun?
  public let others: [RemainingRun]
  /// Sentences: sources that say nothing, and those that contradict each other.
  public let remarks: [String]

  /// - Parameters:
  ///   - matrix: counted over `windowSeconds`, until now.
  ///   - isRunning: false for a first placement, of which nothing is done.
  public init(
    of application: Application, traffic matrix: TrafficMatrix, windowSeconds: Double, now: Timestamp, isRunning: Bool
  ) {
    guard application.hasEnd else {
      (chosen, others, remarks) = (nil, [], [])
      return
    }
    let run = application.run ?? Run()
    var sources = RunSources(run, now: now, isRunning: isRunning)
    let stated = application.remainingHours.flatMap { sources.stated(hours: $0) }
    let messages = run.totalMessages.flatMap { total in
      sources.messages(of: total) { matrix.packets(between: application.vms) / windowSeconds }
    }
    let earlier = sources.earlierRuns()
    let limit = sources.jobLimit()

    let learnt = [messages, earlier].compactMap(\.self)
    let known = learnt.filter { $0.errorSeconds != nil }
    let surest = known.min { ($0.errorSeconds ?? .infinity) < ($1.errorSeconds ?? .infinity) } ?? learnt.first
    var best = stated ?? surest ?? limit ?? sources.age()
    if let stated {
      for other in known where abs(other.seconds - stated.seconds) > 2 * (other.errorSeconds ?? 0) {
        sources.remark("stated are \(stated.words) until it ends, but it is \(other.words) by \(other.basis)")
      }
    }
    if let found = best, let limit, found.seconds > limit.seconds {
      sources.remark(
        "its job ends in \(Words.duration(limit.seconds)), before it is done, which takes \(found.words) "
          + "(\(found.basis))")
      best = limit
    }
    if best == nil { sources.remark("when it ends isn't known: it is judged over 24 h, as a service") }
    chosen = best
    others = [stated, messages, earlier, limit].compactMap(\.self).filter { $0 != best }
    remarks = sources.remarks
  }
}

extension RunForecast {
  private init(chosen: RemainingRun?, others: [RemainingRun], remarks: [String]) {
    (self.chosen, self.others, self.remarks) = (chosen, others, remarks)
  }

  /// What of it still holds where nothing was seen since: each source's time is shorter by so many seconds. Remarks have
  /// times in them, and are left out.
  package func later(by seconds: Double) -> Self {
    guard chosen != nil else { return self }
    return Self(chosen: chosen?.later(by: seconds), others: others.map { $0.later(by: seconds) }, remarks: [])
  }
}

extension RunForecast: Encodable {
  enum CodingKeys: String, CodingKey { case others, remarks }

  /// The chosen source's members, with `others` and `remarks`.
  public func encode(to encoder: any Encoder) throws {
    try chosen?.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(others, forKey: .others)
    try container.encode(remarks, forKey: .remarks)
  }
}

extension Application {
  /// Whether something is said of the end of its run; a service has none.
  package var hasEnd: Bool { remainingHours != nil || run != nil }
}

extension TrafficMatrix {
  /// Packets of the rows of which both ends are among the VMs.
  func packets(between vms: [VM]) -> Double {
    let members = Set(vms.flatMap { Endpoint.all(named: $0.name, addresses: $0.addresses) })
    return rows.reduce(0) {
      members.contains($1.source) && members.contains($1.destination) ? $0 + $1.packets : $0
    }
  }
}
