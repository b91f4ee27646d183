import ArgumentParser
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import Model
import SwiftProtobuf
import Wire

struct AskCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask",
    abstract: "Asks a controller the same many times over one connection, and tells how long it took.")

  enum Answer: String, CaseIterable, ExpressibleByArgument { case detail, mean, weighted }

  @Option(help: ArgumentHelp("Operators' socket of the controller.", valueName: "path")) var socket: String
  @Option(
    help: ArgumentHelp("When the span begins, as 2026-11-24T15:46:00Z.", valueName: "time"),
    transform: WorkloadOptions.time)
  var start: Timestamp
  @Option(help: "Periods of the span.") var count = 120
  @Option(help: ArgumentHelp("Length of a period.", valueName: "seconds")) var period = 2
  @Option(help: "Detail, mean or weighted.") var answer = Answer.mean
  @Option(
    name: .customLong("application"),
    help: ArgumentHelp("Only traffic of its VMs; may be repeated, then they take turns.", valueName: "name"))
  var applications: [String] = []
  @Option(help: "How often.") var times = 100

  /// The last answer's sums, and how long all took.
  private struct Document: Encodable {
    var rows: Int
    var packets: Double
    var ipBytes: Double
    var isExact: Bool
    var missingHosts: [String]
    /// Milliseconds, ascending, until the last row is there.
    var milliseconds: [Double] = []
  }

  func run() async throws {
    let (answer, applications, times) = (answer, applications, times)
    let start = start.nanoseconds
    let end = start + Int64(count * period) * 1_000_000_000
    let document = try await withGRPCClient(
      transport: .http2NIOPosix(target: .unixDomainSocket(path: socket), transportSecurity: .plaintext)
    ) { connection in
      let client = ControlAPI.Client(wrapping: connection)
      var document = Document(rows: 0, packets: 0, ipBytes: 0, isExact: false, missingHosts: [])
      for turn in 0..<times {
        let request = QueryRequest.with {
          ($0.start, $0.end) = (start, end)
          $0.answer =
            switch answer {
            case .detail: .detail
            case .mean: .mean
            case .weighted: .weighted
            }
          $0.coefficient = 2
          $0.application = applications.isEmpty ? "" : applications[turn % applications.count]
        }
        let asked = ContinuousClock.now
        let reply = try await Self.ask(client, request)
        let seconds = (ContinuousClock.now - asked) / .seconds(1)
        let milliseconds = document.milliseconds + [seconds * 1000]
        document = reply
        document.milliseconds = milliseconds
      }
      document.milliseconds.sort()
      return document
    }
    try Summary.print(document)
  }

  private static func ask(
    _ client: ControlAPI.Client<HTTP2ClientTransport.Posix>, _ request: QueryRequest
  ) async throws -> Document {
    try await client.query(request) { response in
      var document = Document(rows: 0, packets: 0, ipBytes: 0, isExact: false, missingHosts: [])
      func add(_ rows: Transhumance_V1_MatrixRows) {
        document.rows += rows.packets.count
        document.packets += rows.packets.reduce(0, +)
        document.ipBytes += rows.ipBytes.reduce(0, +)
      }
      for try await message in response.messages {
        switch message.content {
        case .header(let header): (document.isExact, document.missingHosts) = (header.exact, header.missingHosts)
        case .period(let period): add(period.rows)
        case .pairs(let pairs): add(pairs)
        case .refusal(let refusal): throw RPCError(code: .failedPrecondition, message: refusal.reason)
        case nil: break
        }
      }
      return document
    }
  }
}
