import ArgumentParser
import Model
import Traffic
import Wire

/// `transhumance query`: the traffic of the last periods, as the controller has it.
struct QueryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Tells who sent how much to whom in the periods that the controller has collected.",
    discussion: """
      A span snaps to whole periods; its last one may not be closed yet. Then \
      --wait waits for it, --approximate takes it to be like the one before it, and \
      otherwise the query is handed back with the time at which it can be answered.

      Examples:
        transhumance query
        transhumance query --last 10 --wait 5s --answer mean
        transhumance query --last 10 --approximate --answer weighted --coefficient 2
        transhumance query --from 2026-11-24T15:46:00Z --to 2026-11-24T15:50:00Z
        transhumance query --last 4 --answer mean --application cg --format csv > cg.csv

      Exit codes: 0 done, 1 failed, 2 usage, 4 handed back.
      """)

  enum Answer: String, CaseIterable, ExpressibleByArgument { case detail, mean, weighted }
  enum Format: String, CaseIterable, ExpressibleByArgument { case table, json, csv, xml }

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("So many periods, up to the last that has ended; 1 unless given.", valueName: "count"))
  var last: Int?

  @Option(help: ArgumentHelp("From the period that has this time: 2026-11-24T15:46:00Z.", valueName: "time"))
  var from: Timestamp?

  @Option(help: ArgumentHelp("To the period that has the time before this; now unless given.", valueName: "time"))
  var to: Timestamp?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How long to wait for periods that aren't closed: 5s, 2m.", valueName: "time"))
  var wait = TimeSpan(seconds: 0)

  @Flag(help: "Take what isn't closed by then to be like the period before it.")
  var approximate = false

  @Option(help: "Each period, their mean, or a mean in which they have weights; detail unless weights are given.")
  var answer: Answer?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Each period weighs so many times the one before it; 2 unless given.", valueName: "factor"))
  var coefficient: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A weight for each period, the oldest first: 1,1,2.", valueName: "weights"),
    transform: WeightList.init(reading:))
  var weights: WeightList?

  @Option(help: ArgumentHelp("Only traffic of this application's VMs.", valueName: "name"))
  var application: String?

  @Option(help: "How the answer is printed.")
  var format: Format = .table

  @OptionGroup var controller: ControllerOptions

  var chosenAnswer: Answer { answer ?? (coefficient == nil && weights == nil ? .detail : .weighted) }

  func validate() throws {
    if let last, !(1...TrafficQuery.largestSpan).contains(last) {
      throw ValidationError("--last is a count of periods from 1 to \(Text.grouped(TrafficQuery.largestSpan)).")
    }
    if last != nil, from != nil || to != nil { throw ValidationError("Give --last, or --from and --to.") }
    if to != nil, from == nil { throw ValidationError("--to needs --from.") }
    if let from, let to, from > to { throw ValidationError("--from is after --to.") }
    if chosenAnswer != .weighted, coefficient != nil || weights != nil {
      throw ValidationError("--coefficient and --weights go with --answer weighted.")
    }
    if coefficient != nil, weights != nil { throw ValidationError("Give --coefficient or --weights.") }
    if let coefficient, !(coefficient.isFinite && coefficient > 0) {
      throw ValidationError("--coefficient is a number above 0.")
    }
    if let weights, from == nil, weights.numbers.count != last ?? 1 {
      throw ValidationError("--weights has \(weights.numbers.count) for \(last ?? 1) periods: one for each.")
    }
    guard (0...86_400).contains(wait.seconds) else { throw ValidationError("--wait is a time from 0 to 24h.") }
  }

  var request: QueryRequest {
    var request = QueryRequest()
    request.last = from == nil ? UInt32(clamping: last ?? 1) : 0
    request.start = from?.nanoseconds ?? 0
    request.end = to?.nanoseconds ?? 0
    request.waitSeconds = wait.seconds
    request.approximate = approximate
    request.answer =
      switch chosenAnswer {
      case .detail: .detail
      case .mean: .mean
      case .weighted: .weighted
      }
    if let weights { request.weights = weights.numbers } else { request.coefficient = coefficient ?? 2 }
    request.application = application ?? ""
    return request
  }

  func run() async throws {
    let result = try await controller.query(request, within: .nanoseconds(wait.nanoseconds) + .seconds(60))
    if let refusal = result.refusal {
      if format == .json { try QueryDocument(command: self, result: result).writeRefusal(refusal) }
      throw CommandFailure(status: .handedBack, message: format == .json ? "" : QueryResult.text(of: refusal))
    }
    switch format {
    case .table: try StandardOutput.write(result.table)
    case .json: try QueryDocument(command: self, result: result).write()
    case .csv: try result.writeCSV()
    case .xml: try QueryXML(command: self, result: result).write()
    }
  }
}
