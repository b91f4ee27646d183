internal import Model
internal import Traffic
internal import SwiftProtobuf
internal import Wire

extension Decider {
  /// Compares what plans have brought with what was expected, as soon as there is data enough.
  func verify(_ name: String, _ periods: [GlobalPeriod]) async {
    let waiting = plans.values.filter { $0.application == name && $0.state == "verifying" }.map(\.identifier).sorted()
    guard let managed = applications[name], !waiting.isEmpty,
      let window = try? DecisionWindow(of: periods, since: managed.since, settings: settings)
    else { return }
    let rate = Verification.messageRate(of: Set(managed.application.vms.map(\.name)), in: window.periods)
    for identifier in waiting {
      guard var record = plans[identifier] else { continue }
      let isSamePhase = isSamePhase(record, managed.application, window.periods, in: periods)
      record.rateAfter = rate
      if record.hasRateBefore, record.rateBefore > 0 { record.achievedGain = record.rateAfter / record.rateBefore }
      for index in record.steps.indices {
        let move = record.steps[index].move
        guard let start = move.steps.first?.at, let end = move.steps.last?.at,
          let lost = Verification.lostPackets(
            to: move.vm, from: Timestamp(nanoseconds: start), until: Timestamp(nanoseconds: end), in: periods)
        else { continue }
        record.steps[index].lostPackets = lost
      }
      if var managed = applications[name], managed.application.remainingHours != nil {
        // The rate of messages is what there is to see of how fast it goes, where the phase is the same.
        let gain = min(10, max(0.1, isSamePhase && record.hasAchievedGain ? record.achievedGain : record.predictedGain))
        managed.progress?.speedUp(by: gain, of: managed.application, at: now())
        applications[name] = managed
        keep(managed)
      }
      if isSamePhase { learn(from: record) }
      record.state = "done"
      record.stateReason = ""
      plans[identifier] = record
      keep(record)
      events.add(.verified, Self.verdict(record), application: name) { $0.plan = record }
    }
  }

  /// Whether it is as before the plan who talks to whom, and doesn't change while it is looked at.
  private func isSamePhase(
    _ record: PlanRecord, _ application: Application, _ after: [GlobalPeriod], in held: [GlobalPeriod]
  ) -> Bool {
    let members = Set(application.vms.map { Endpoint.name($0.name) })
    let earlier = held.filter { $0.period.end.nanoseconds <= record.created }
    var (before, seconds) = ([GlobalPeriod](), 0.0)
    for period in earlier.reversed() where seconds < settings.windowSeconds {
      before.append(period)
      seconds += period.period.seconds
    }
    return TrafficPhase.isSame(before, after, among: members) && TrafficPhase.start(in: after, among: members) == 0
  }

  private static func verdict(_ record: PlanRecord) -> String {
    guard record.hasAchievedGain else { return "plan \(record.identifier) is done; there was no traffic to compare" }
    return "plan \(record.identifier) is done: \(record.achievedGain.rounded(places: 2)) times the message rate of before "
      + "(\(whole(record.rateBefore)) → \(whole(record.rateAfter)) packets/s), "
      + "expected were \(record.predictedGain.rounded(places: 2)) times"
  }
}
