import Model
import Moves

/// A move whose actions are looked at one event after the other. Each event is a second after the one before.
struct MoveScript {
  var move: Move
  var now = Timestamp(nanoseconds: 0)
  /// Of the last question.
  var query: MoveQuery?
  /// All so far.
  var journal: [JournalRecord] = []

  static let entry = FabricEntry(vm: "vm", interfaces: [], host: "a", epoch: 5)

  init(_ request: MoveRequest = World.request) {
    move = Move(request, entry: Self.entry)
  }

  /// Goes on with a move that was recovered.
  init(_ recovered: (move: Move, actions: [MoveAction])) {
    move = recovered.move
    note(recovered.actions)
  }

  mutating func tell(_ event: MoveEvent) -> [MoveAction] {
    now = now.advanced(bySeconds: 1)
    let actions = move.handle(event, at: now)
    note(actions)
    return actions
  }

  /// The answer to the last question.
  mutating func answer(_ state: SourceState) -> [MoveAction] { query.map { tell(.source(state, $0)) } ?? [] }
  mutating func answer(_ state: DestinationState) -> [MoveAction] { query.map { tell(.destination(state, $0)) } ?? [] }
  mutating func answerReleased() -> [MoveAction] { query.map { tell(.released($0)) } ?? [] }

  private mutating func note(_ actions: [MoveAction]) {
    for action in actions {
      switch action {
      case .readSource(let query), .resumeSource(let query), .removeSource(let query), .askDestination(let query),
        .activateDestination(let query), .release(let query):
        self.query = query
      case .journal(let record): journal.append(record)
      default: break
      }
    }
  }

  /// The VM's copying has begun.
  static func copying(_ request: MoveRequest = World.request) -> MoveScript {
    var script = MoveScript(request)
    _ = script.tell(.approved)
    _ = script.tell(.reserved)
    return script
  }

  /// The VM stands still, and the map names the destination.
  static var stopped: MoveScript {
    var script = copying()
    _ = script.tell(.stopped)
    return script
  }

  static func entry(at host: String, epoch: UInt64) -> FabricEntry {
    FabricEntry(vm: "vm", interfaces: [], host: host, epoch: epoch)
  }
}

extension [MoveAction] {
  /// What matters most: neither timers nor the journal nor reports.
  var deeds: [MoveAction] {
    filter { action in
      switch action {
      case .journal, .setTimer, .cancelTimer, .report: false
      default: true
      }
    }
  }

  var steps: [MoveStep] { compactMap { if case .report(let step) = $0 { step } else { nil } } }
}
