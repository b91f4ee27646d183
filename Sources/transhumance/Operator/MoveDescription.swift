import Answers
import Wire

struct MoveDescription: Description {
  private let report: MoveReport

  init?(of identifier: String, in reply: ListReply) {
    let moves = reply.hosts.filter(\.hasReport).flatMap(\.report.moves)
    guard let report = moves.first(where: { $0.identifier == identifier }) else { return nil }
    self.report = report
  }

  var text: String { MoveTimeline(report).text }

  func encode(to encoder: any Encoder) throws { try MoveDocument(report).encode(to: encoder) }
}
