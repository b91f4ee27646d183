internal import Model
internal import Moves
internal import Wire

/// What a journal tells of moves.
extension MoveBook {
  /// Records that are kept when a journal is opened: those of moves that go on, and of the latest that have ended.
  static func kept(_ records: [JournalRecord]) -> [JournalRecord] {
    let open = Set(JournalRecord.open(records).flatMap { $0 }.map(\.request.identifier))
    var latest: [String] = []
    for record in records.reversed() where record.role == .source && !latest.contains(record.request.identifier) {
      guard latest.count < kept else { break }
      latest.append(record.request.identifier)
    }
    let wanted = open.union(latest)
    return records.filter { wanted.contains($0.request.identifier) }
  }

  /// Moves of agents before this one that had ended. What was measured of them isn't in the journal.
  mutating func addEnded(from records: [JournalRecord]) {
    var order: [String] = []
    var moves: [String: [JournalRecord]] = [:]
    for record in records where record.role == .source {
      if moves[record.request.identifier] == nil { order.append(record.request.identifier) }
      moves[record.request.identifier, default: []].append(record)
    }
    for records in order.compactMap({ moves[$0] }) {
      guard let last = records.last, last.isClosed else { continue }
      var message = Wire.MoveReport()
      (message.identifier, message.vm) = (last.request.identifier, last.request.vm)
      (message.from, message.to) = (last.request.from, last.request.to)
      message.by = last.request.by ?? ""
      message.result = last.result?.rawValue ?? ""
      message.reason = last.reason
      var steps: Set<MoveStep> = []
      for record in records where steps.insert(record.step).inserted {
        var step = Transhumance_V1_Step()
        (step.step, step.at) = (record.step.rawValue, record.at)
        message.steps.append(step)
      }
      message.end(at: records.first { $0.result != nil }?.at)
      addEnded(message)
    }
  }
}
