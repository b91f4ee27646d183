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
        // The rate of messages is what there is to see of how fast it goes; phases make it leap, moves don't.
        let gain = min(10, max(0.1, record.hasAchievedGain ? record.achievedGain : record.predictedGain))
        managed.progress?.speedUp(by: gain, of: managed.application, at: now())
        applications[name] = managed
        keep(managed)
      }
      learn(from: record)
      record.state = "done"
      record.stateReason = ""
      plans[identifier] = record
      keep(record)
      events.add(.verified, Self.verdict(record), application: name) { $0.plan = record }
    }
  }

  private static func verdict(_ record: PlanRecord) -> String {
    guard record.hasAchievedGain else { return "plan \(record.identifier) is done; there was no traffic to compare" }
    return "plan \(record.identifier) is done: \(record.achievedGain.rounded(places: 2)) times the message rate of before "
      + "(\(whole(record.rateBefore)) → \(whole(record.rateAfter)) packets/s), "
      + "expected were \(record.predictedGain.rounded(places: 2)) times"
  }
}
