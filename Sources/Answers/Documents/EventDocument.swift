internal import Model
package import Wire

/// An event as `events --format json` prints it (docs/formats.md).
package struct EventDocument: Encodable, Sendable {
  package var time: String
  package var kind: String
  package var level: String
  package var application: String?
  package var vm: String?
  package var text: String
  /// Who wanted it; nil: nobody asked.
  package var by: String?
  /// Of events about a plan: the plan as it is then.
  package var plan: PlanRecordDocument?
  /// Of a move that goes on; `text` is empty then.
  package var progress: Progress?

  package struct Progress: Encodable, Sendable {
    /// The step that was reached.
    package var step: String?
    package var totalBytes: UInt64?
    package var remainingBytes: UInt64?
    package var round: UInt32?
    /// How the move ended.
    package var move: MoveDocument?

    package init?(_ event: ControllerEvent) {
      guard event.hasProgress else { return nil }
      switch event.progress.progress {
      case .step(let reached): step = reached.step
      case .copy(let copy): (totalBytes, remainingBytes, round) = (copy.totalBytes, copy.remainingBytes, copy.rounds)
      case .finished(let report): move = MoveDocument(report)
      case .preflight, nil: return nil
      }
    }
  }

  package init(_ event: ControllerEvent) {
    time = Timestamp(nanoseconds: event.time).description
    (kind, level, text) = (event.kind, event.level, event.text)
    application = event.application.isEmpty ? nil : event.application
    vm = event.vm.isEmpty ? nil : event.vm
    by = event.by.isEmpty ? nil : event.by
    plan = event.hasPlan ? PlanRecordDocument(event.plan) : nil
    progress = Progress(event)
  }
}
