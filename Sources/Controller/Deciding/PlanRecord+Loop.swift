internal import Planning
internal import SwiftProtobuf
internal import Wire

extension PlanRecord {
  /// It is being carried out, or about to be.
  var isUnderWay: Bool { state == "approved" || state == "running" }
}

extension PlanStep {
  /// A move of a plan that nothing has been done about yet.
  init(_ move: Plan.Move) {
    self.init()
    vm = move.vm
    from = move.from
    to = move.to
    why = move.why
    state = "planned"
    transferSeconds = move.transferSeconds
  }
}

extension Double {
  /// So many decimal places, as people are told.
  func rounded(places: Int) -> Double {
    let scale = places == 1 ? 10.0 : 100.0
    return (self * scale).rounded() / scale
  }
}
