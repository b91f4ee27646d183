internal import Model
internal import Traffic
internal import SwiftProtobuf
internal import Wire

extension Decider {
  /// Compares what plans have brought with what was expected, as soon as there is data enough.
  func verify(_ name: String, _ periods: [GlobalPeriod]) async {
    guard let managed = applications[name] else { return }
    for identifier in plans.values.filter({ $0.application == name && $0.state == "verifying" }).map(\.identifier).sorted() {
      guard let window = try? DecisionWindow(of: periods, since: managed.since, settings: settings),
        var record = plans[identifier]
      else { continue }
      let members = Set(managed.application.vms.map(\.name))
      record.rateAfter = Verification.messageRate(of: members, in: window.periods)
      if record.hasRateBefore, record.rateBefore > 0 { record.achievedGain = record.rateAfter / record.rateBefore }
      for index in record.steps.indices {
        let move = record.steps[index].move
        guard let start = move.steps.first?.at, let end = move.steps.last?.at,
          let lost = Verification.lostPackets(
            to: move.vm, from: Timestamp(nanoseconds: start), until: Timestamp(nanoseconds: end), in: periods)
        else { continue }
        record.steps[index].lostPackets = lost
      }
      record.state = "done"
      record.stateReason = ""
      plans[identifier] = record
      await keep(record)
      events.add(.verified, Self.verdict(record), application: name) { $0.plan = record }
    }
  }

  private static func verdict(_ record: PlanRecord) -> String {
    let places = { (value: Double) in (value * 100).rounded() / 100 }
    guard record.hasAchievedGain else { return "plan \(record.identifier) is done; there was no traffic to compare" }
    return "plan \(record.identifier) is done: \(places(record.achievedGain)) times the message rate of before "
      + "(\(whole(record.rateBefore)) → \(whole(record.rateAfter)) packets/s), "
      + "expected were \(places(record.predictedGain)) times"
  }
}
