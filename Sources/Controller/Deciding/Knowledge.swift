internal import Foundation
internal import Planning

/// What is known of an application beside where it is, as its status carries it; nil is left out.
struct Knowledge: Encodable {
  struct Calibration: Encodable {
    var waitFactor: Double
    var error: Double?
    var plans: Int
  }

  var remaining: RunForecast?
  var seen: PartialView?
  var calibration: Calibration?

  init(_ decision: Deliberation.Decision?, _ learnt: WaitCalibration?) {
    remaining = decision?.forecast.flatMap { $0.chosen == nil && $0.remarks.isEmpty ? nil : $0 }
    seen = decision?.view.flatMap { $0.unknown.isEmpty ? nil : $0 }
    calibration = learnt.flatMap { learnt in
      learnt.factor.map { Calibration(waitFactor: $0, error: learnt.error, plans: learnt.observations.count) }
    }
  }

  /// Empty where there is nothing.
  var json: String {
    guard remaining != nil || seen != nil || calibration != nil else { return "" }
    return (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
