import Answers
import Controller
import Model
import Wire

/// Events as they were seen by one look after another, each once.
struct EventHistory {
  private var position = EventPosition(time: 0)
  /// The latest, as many as a controller keeps.
  private(set) var events: [ControllerEvent] = []

  private static let capacity = EventLog.capacity

  /// Asks for what is new.
  /// - Returns: that.
  mutating func look(_ controller: ControllerOptions) async throws -> [ControllerEvent] {
    let new = try await controller.events(since: position.time).filter { position.take($0) }
    events = (events + new).suffix(Self.capacity)
    return new
  }
}

/// Events that the controller has kept, the latest last.
struct EventList: Listing {
  static let key = "events"
  static let isByTime = true
  static let columns: [(heading: String, alignment: TextTable.Alignment)] = [
    ("TIME", .left), ("KIND", .left), ("LEVEL", .left), ("APPLICATION", .left), ("TEXT", .left),
  ]
  static let fields = ["time", "kind", "level", "application", "vm", "text"]
  /// All kinds, also those of which there is none yet.
  let names = Set(EventLog.Kind.allCases.map(\.rawValue))
  /// Named by their kinds.
  let rows: [ListedRow<EventDocument>]

  init(_ events: [ControllerEvent]) {
    rows = events.map { event in
      let document = EventDocument(event)
      let application = event.application.isEmpty ? "–" : event.application
      return ListedRow(
        name: event.kind,
        cells: ["\(document.time.prefix(19))Z", event.kind, event.level, application, event.text],
        values: [document.time, event.kind, event.level, event.application, event.vm, event.text], document: document)
    }
  }
}
