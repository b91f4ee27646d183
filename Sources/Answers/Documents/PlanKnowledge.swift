internal import FoundationEssentials

/// What a plan that the controller keeps stands on, of its document: how long the run takes, when its moves pay back,
/// and what isn't seen; of an application also what its moves have shown. Nil is what the document doesn't have.
package struct PlanKnowledge: Codable, Sendable {
  package struct Remaining: Codable, Sendable {
    package var source: String?
    package var seconds: Double?
    package var errorSeconds: Double?
    package var basis: String?
    package var remarks: [String]?
  }

  package struct Seen: Codable, Sendable {
    package var partial: Bool
    package var unknown: [String]
  }

  package struct Saving: Codable, Sendable {
    package var waits: Double
    package var compute: Double
    package var waitFactor: Double
  }

  package struct Calibration: Codable, Sendable {
    package var waitFactor: Double
    package var error: Double?
    package var plans: Int
  }

  package var remaining: Remaining?
  package var payBackSeconds: Double?
  package var saves: Saving?
  package var seen: Seen?
  package var calibration: Calibration?

  /// - Parameter document: of `transhumance plan`, or of an application's status, as JSON; empty, or of an earlier version: nothing is known.
  package init(document: String) {
    let read =
      document.isEmpty ? nil : try? JSONDecoder().decode(PlanKnowledge.self, from: Data(document.utf8))
    (remaining, payBackSeconds, saves, seen) = (read?.remaining, read?.payBackSeconds, read?.saves, read?.seen)
    calibration = read?.calibration
  }
}
