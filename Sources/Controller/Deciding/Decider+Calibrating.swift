internal import Foundation
internal import Model
internal import Planning
internal import Storage
internal import Wire

extension Decider {
  static let calibrationKey = "calibration"

  /// What a plan has brought, against what it was to bring.
  func learn(from record: PlanRecord) {
    let name = record.application
    guard record.hasAchievedGain,
      let plan = try? JSONDecoder().decode(Expected.self, from: Data(record.document.utf8)), let saves = plan.saves,
      let observation = WaitCalibration.Observation(
        plan: record.identifier, saving: saves, gain: record.achievedGain)
    else { return }
    var calibration = calibrations[name] ?? WaitCalibration()
    guard calibration.learn(observation), let words = calibration.words else { return }
    calibrations[name] = calibration
    keepCalibrations(since: name)
    events.add(.verified, "\(name): \(words)", application: name)
  }

  /// Of a plan's document.
  private struct Expected: Decodable {
    var saves: Plan.Saving?
  }

  /// From now on all of a wait counts, until moves show anew what it does.
  ///
  /// - Returns: whether there was anything to forget.
  package func forgetCalibration(of name: String, by: String = "") -> Bool {
    guard calibrations.removeValue(forKey: name) != nil else { return false }
    keepCalibrations(since: name)
    let person = by.isEmpty ? "" : ", by \(by)"
    events.add(
      .application, "what moves of \(name) have shown of its waits is forgotten\(person)", application: name, by: by)
    return true
  }

  /// As an operator asks for it.
  package func forgetCalibration(asked name: String, by: String) throws(Refusal) {
    guard !forgetCalibration(of: name, by: by) else { return }
    throw Refusal("moves have shown nothing yet of \"\(name)\": `transhumance describe application NAME` tells what they have")
  }

  // MARK: - How fast moves are

  static let moveRatesKey = "moveRates"

  /// How fast a move was that is done.
  func learn(from report: MoveReport, of step: PlanStep) {
    guard let from = federation.site(ofHost: step.from), let to = federation.site(ofHost: step.to),
      let link = moveRates.learn(
        from: from.name, to: to.name, bytes: Double(report.transferBytes), seconds: report.totalSeconds)
    else { return }
    keepMoveRates()
    events.add(.move, link.words)
  }

  /// A link that is stated to be another one now is to show anew what moves have of it.
  func forgetMoveRates(since before: Federation) {
    let links = (before.links, federation.federation.links)
    let known = moveRates
    moveRates.forget { link in
      func stated(_ links: Links) -> Link { link.from == link.to ? links.sameSite : links.between(link.from, link.to) }
      return stated(links.0) != stated(links.1)
    }
    guard moveRates != known else { return }
    keepMoveRates()
    for link in known.links where !moveRates.links.contains(link) {
      events.add(.federation, "\(link.words): forgotten, since another link is stated now")
    }
  }

  private func keepMoveRates() {
    keepKnown(moveRates, forKey: Self.moveRatesKey, "how fast moves are can't be recorded")
  }

  private func keepCalibrations(since name: String) {
    keepKnown(calibrations, forKey: Self.calibrationKey, "what moves have shown can't be recorded", of: name)
  }
}
