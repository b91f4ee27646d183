import Answers
import Model
import Wire

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
      try StandardOutput.write("\(time)Z  \(kind)  \(application)\(text.onOneLine)\n")
    }
  }
}
