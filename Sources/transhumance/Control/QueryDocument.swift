import Model
import Wire

/// The JSON document of `query` (docs/formats.md), written piece by piece.
struct QueryDocument {
  let command: QueryCommand
  let result: QueryResult

  func write() throws {
    var stream = JSONStream()
    let header = result.header
    var members: [(key: String, write: (inout JSONStream) throws -> Void)] = [
      ("answer", { try $0.write(command.chosenAnswer.rawValue) }),
      ("approximated", { try $0.write(OrNull(header.hasApproximated ? Approximation(header.approximated) : nil)) }),
    ]
    if command.chosenAnswer == .weighted {
      if let weights = command.weights {
        members.append(("weights", { try $0.write(weights.numbers) }))
      } else {
        members.append(("coefficient", { try $0.write(command.request.coefficient) }))
      }
    }
    members += [
      ("end", { try $0.write(Timestamp(nanoseconds: header.end).description) }),
      ("exact", { try $0.write(header.exact) }),
      ("gaps", { try $0.write(header.gaps.map { Timestamp(nanoseconds: $0).description }) }),
      ("missingHosts", { try $0.write(header.missingHosts) }),
      ("start", { try $0.write(Timestamp(nanoseconds: header.start).description) }),
    ]
    if command.chosenAnswer == .detail {
      members.append(("periods", { try $0.writeArray(result.periods, Self.write) }))
    } else {
      members.append(("pairs", { try $0.writeArray(result.rows, Self.write) }))
    }
    try stream.writeObject(members)
    try stream.finish()
  }

  func writeRefusal(_ refusal: Transhumance_V1_QueryRefusal) throws {
    let time = refusal.availableAt == 0 ? nil : Timestamp(nanoseconds: refusal.availableAt).description
    try StandardOutput.write(
      json: Refusal(
        reason: refusal.reason, missing: refusal.missingHosts, availableAt: OrNull(time), query: Query(command)))
  }

  private struct Approximation: Encodable {
    var start: String
    var end: String
    var from: String

    init(_ message: Transhumance_V1_Approximation) {
      start = Timestamp(nanoseconds: message.start).description
      end = Timestamp(nanoseconds: message.end).description
      from = Timestamp(nanoseconds: message.from).description
    }
  }

  private struct Refusal: Encodable {
    var refused = true
    var reason: String
    var missing: [String]
    var availableAt: OrNull<String>
    var query: Query
  }

  /// As it was asked.
  private struct Query: Encodable {
    var last: UInt32?
    var from: String?
    var to: String?
    var waitSeconds: Double
    var approximate: Bool
    var answer: String
    var coefficient: Double?
    var weights: [Double]?
    var application: String?

    init(_ command: QueryCommand) {
      let request = command.request
      last = request.last == 0 ? nil : request.last
      from = command.from?.description
      to = command.to?.description
      waitSeconds = request.waitSeconds
      approximate = request.approximate
      answer = command.chosenAnswer.rawValue
      coefficient = command.chosenAnswer == .weighted && command.weights == nil ? request.coefficient : nil
      weights = command.weights?.numbers
      application = command.application
    }
  }

  private static func write(_ stream: inout JSONStream, _ period: QueryResult.PeriodRows) throws {
    try stream.writeObject([
      ("complete", { try $0.write(period.isComplete) }),
      ("missingHosts", { try $0.write(period.missingHosts) }),
      ("pairs", { try $0.writeArray(period.rows, Self.write) }),
      ("seconds", { try $0.write(period.seconds) }),
      ("start", { try $0.write(period.start.description) }),
    ])
  }

  private static func write(_ stream: inout JSONStream, _ row: QueryResult.Row) throws {
    try stream.writeRow([
      ("bySender", .flag(row.bySender)), ("destination", .text(row.destination)),
      ("frameBytes", .number(row.frameBytes)), ("ipBytes", .number(row.ipBytes)), ("packets", .number(row.packets)),
      ("sentPackets", row.sentPackets.map { .number($0) }), ("source", .text(row.source)),
      ("waits", .number(row.waits)),
    ])
  }
}
