import Model
import Wire

/// An event as `events --format json` prints it (docs/formats.md).
struct EventDocument: Encodable {
  var time: String
  var kind: String
  var level: String
  var application: String?
  var vm: String?
  var text: String
  /// Who wanted what it tells of; nil: nobody asked.
  var by: String?
  /// Of events about a plan: the plan as it is then.
  var plan: PlanList.Document?
  /// Of a move that goes on; `text` is empty then.
  var progress: Progress?

  struct Progress: Encodable {
    /// The step that was reached.
    var step: String?
    var totalBytes: UInt64?
    var remainingBytes: UInt64?
    var round: UInt32?
    /// How the move ended.
    var move: MoveDocument?

    init?(_ event: ControllerEvent) {
      guard event.hasProgress else { return nil }
      switch event.progress.progress {
      case .step(let reached): step = reached.step
      case .copy(let copy): (totalBytes, remainingBytes, round) = (copy.totalBytes, copy.remainingBytes, copy.rounds)
      case .finished(let report): move = MoveDocument(report)
      case .preflight, nil: return nil
      }
    }
  }

  init(_ event: ControllerEvent) {
    time = Timestamp(nanoseconds: event.time).description
    (kind, level, text) = (event.kind, event.level, event.text)
    application = event.application.isEmpty ? nil : event.application
    vm = event.vm.isEmpty ? nil : event.vm
    by = event.by.isEmpty ? nil : event.by
    plan = event.hasPlan ? PlanList.Document(event.plan) : nil
    progress = Progress(event)
  }
}

extension ControllerEvent {
  /// Writes the event as a line on standard output.
  func write(_ format: EventsCommand.Format) throws {
    switch format {
    case .json: try StandardOutput.write(JSONLine.text(EventDocument(self)))
    case .table:
      // How far a move is.
      guard !text.isEmpty else { return }
      let style: Terminal.Style? = level == "error" ? .red : level == "warning" ? .yellow : nil
      let kind = style.map { Terminal.styled(self.kind, $0) } ?? kind
      let application = application.isEmpty ? "" : "\(application): "
      let time = Timestamp(nanoseconds: time).description.prefix(19)
      try StandardOutput.write("\(time)Z  \(kind)  \(application)\(text)\n")
    }
  }
}
