internal import Foundation
internal import SwiftProtobuf
internal import Wire

/// What is journalled of a command: that it was begun, and how it ended.
struct CommandRecord: Codable, Hashable, Sendable {
  var identifier: String
  /// Who wanted it; nil: that isn't known, or is in the record of its beginning.
  var by: String?
  /// Nil: it was begun.
  var end: End?

  struct End: Codable, Hashable, Sendable {
    /// Empty: done.
    var failure: String
    /// A `MoveReport` in protobuf, of a move.
    var move: Data?
  }

  /// Of the latest commands, the last record each.
  static func kept(_ records: [CommandRecord]) -> [CommandRecord] {
    var seen: Set<String> = []
    let latest = records.reversed().filter { seen.insert($0.identifier).inserted }
    return latest.prefix(CommandDesk.kept).reversed()
  }
}

extension CommandRecord.End {
  init(failure: String, move: MoveReport?) {
    self.failure = failure
    self.move = move.flatMap { try? $0.serializedData() }
  }

  /// What the controller is told again.
  func answers(_ identifier: String) -> [Transhumance_V1_CommandAnswer] {
    let report = move.flatMap { try? MoveReport(serializedBytes: $0) }
    let finished = report.map { report in
      Transhumance_V1_CommandAnswer.with {
        $0.identifier = identifier
        $0.progress.finished = report
      }
    }
    return [finished].compactMap(\.self) + [
      .with {
        $0.identifier = identifier
        $0.end.failure = failure
      }
    ]
  }
}
