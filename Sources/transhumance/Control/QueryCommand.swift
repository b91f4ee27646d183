import Answers
import ArgumentParser
import Traffic
import Wire

/// `transhumance query`: the traffic of some periods, as the controller has it.
struct QueryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Tells who sent how much to whom in the periods that the controller has collected.",
    discussion: """
      A span snaps to whole periods; its last one may not be closed yet. Then \
      --wait waits for it, --approximate takes it to be like the one before \
      it, and otherwise the query is handed back with the time at which it \
      can be answered.

      Examples:
        transhumance query
        transhumance query --last 10 --wait 5s --answer mean
        transhumance query --last 10m --answer mean --by site
        transhumance query --last 10 --approximate --answer weighted --coefficient 2
        transhumance query --weights 1,1,2,4
        transhumance query --start 2026-11-24T15:46:00Z --end 2026-11-24T15:50:00Z
        transhumance query --last 4 --answer mean --application cg \\
          --format csv > cg.csv
        transhumance query --last 1h --host a1 --host a2 --format xml
        transhumance query --last 1h --answer mean --plot hour.svg
        transhumance query --last 10 --vm vm1 --format gnuplot > vm1.dat

      Exit codes: 0 done, 1 failed, 2 usage, 4 handed back.
      """)

  enum Answer: String, CaseIterable, ExpressibleByArgument { case detail, mean, weighted }
  enum Format: String, CaseIterable, ExpressibleByArgument { case table, json, csv, xml, gnuplot, dot }

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "So many periods up to the last that has ended, or as many as last so long: 10, 10m; 1 unless given.",
      valueName: "count|time"))
  var last: String?

  @Option(
    name: [.long, .customLong("from")], parsing: .unconditional,
    help: ArgumentHelp("From the period that has this time: 2026-11-24T15:46:00Z.", valueName: "time"))
  var start: String?

  @Option(
    name: [.long, .customLong("to")], parsing: .unconditional,
    help: ArgumentHelp(
      "To the period that has the time before this; to the last that has ended unless given.", valueName: "time"))
  var end: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How long to wait for periods that aren't closed: 5s, 2m.", valueName: "time"))
  var wait: String?

  @Flag(help: "Take what isn't closed by then to be like the period before it.")
  var approximate = false

  @Option(help: "Each period, their mean, or a mean in which they have weights; detail unless weights are given.")
  var answer: Answer?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Each period weighs so many times the one before it; 2 unless given.", valueName: "factor"))
  var coefficient: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A weight for each period, the oldest first: 1,1,2.", valueName: "weights"))
  var weights: String?

  @Option(help: "What traffic is told between.")
  var by = QueryParameters.Endpoints.pair

  @Option(help: ArgumentHelp("Only traffic of this VM, or address; may be repeated.", valueName: "name"))
  var vm: [String] = []

  @Option(help: ArgumentHelp("Only traffic of VMs at this host; may be repeated.", valueName: "name"))
  var host: [String] = []

  @Option(help: ArgumentHelp("Only traffic of VMs at this site; may be repeated.", valueName: "name"))
  var site: [String] = []

  @Option(help: ArgumentHelp("Only traffic of this application's VMs; may be repeated.", valueName: "name"))
  var application: [String] = []

  @Option(help: "How the answer is printed.")
  var format: Format = .table

  @Option(
    help: ArgumentHelp("Draw the matrix and the graph, of all periods together.", valueName: "file.svg"),
    completion: .file(extensions: ["svg"]), transform: PictureFile.init(argument:))
  var plot: PictureFile?

  @OptionGroup var controller: ControllerOptions

  func validate() throws {
    do {
      _ = try parameters()
    } catch let error as QueryParameterError {
      throw ValidationError(error.description { "--\($0)" } + ".")
    }
  }

  /// - Throws: `QueryParameterError`
  private func parameters() throws -> QueryParameters {
    let single: [(name: String, value: String?)] = [
      ("last", last), ("start", start), ("end", end), ("wait", wait), ("answer", answer?.rawValue),
      ("coefficient", coefficient), ("weights", weights), ("by", by.rawValue),
      ("approximate", approximate ? "true" : nil),
    ]
    let given = single.compactMap { pair in pair.value.map { (name: pair.name, value: $0) } }
    let filters = [("vm", vm), ("host", host), ("site", site), ("application", application)]
      .flatMap { name, values in values.map { (name: name, value: $0) } }
    return try QueryParameters(given + filters)
  }

  func run() async throws {
    let query = try parameters()
    let plot = try plot?.open()
    var output = Output(query, AnswerFormat(rawValue: format.rawValue), isDrawn: plot != nil)
    output = try await controller.query(
      QueryRequest(query), within: .nanoseconds(query.wait) + .seconds(600), into: output
    ) { output, message in
      try StandardOutput.write(bytes: output.take(message))
    }
    if let refusal = output.refusal {
      if format == .json { try StandardOutput.write(bytes: RefusalDocument(refusal, of: query).json) }
      throw handedBack(refusal, query)
    }
    if let picture = output.picture { try plot?.write(picture.svg(of: query)) }
    try StandardOutput.write(bytes: output.finish())
  }

  /// What becomes of an answer. Documents are written as their messages come, however many; a table when all is there.
  private struct Output: Sendable {
    private var text: AnswerText?
    private var table = QueryResult()
    private(set) var picture: QueryPlot?
    private(set) var refusal: Transhumance_V1_QueryRefusal?

    /// - Parameter format: nil for a table.
    init(_ query: QueryParameters, _ format: AnswerFormat?, isDrawn: Bool) {
      text = format.map { AnswerText($0, of: query) }
      picture = isDrawn ? QueryPlot() : nil
    }

    mutating func take(_ message: QueryReply) -> [UInt8] {
      if case .refusal(let refusal) = message.content { self.refusal = refusal }
      picture?.take(message)
      if text == nil { table.take(message) }
      return text?.take(message) ?? []
    }

    mutating func finish() -> [UInt8] { text?.finish() ?? Array(table.table.utf8) }
  }

  private func handedBack(_ refusal: Transhumance_V1_QueryRefusal, _ query: QueryParameters) -> CommandFailure {
    // What is on standard output in JSON isn't said again.
    let words = format == .json ? "" : RefusalDocument(refusal, of: query).words
    return CommandFailure(status: .handedBack, message: words)
  }
}
