import ArgumentParser
import Documents
import Foundation
import Model
import Planning

/// Federations and applications are YAML or JSON.
private let documentExtensions = ["yaml", "yml", "json"]

/// What `plan` and `place` have in common: what is planned from, within which limits, and how the result is printed.
struct PlanOptions: ParsableArguments {
  /// The usage of a command with these options, at 80 columns.
  static func usage(_ command: String) -> String {
    """
    transhumance \(command) --federation <federation.yaml>
      --application <application.yaml> --traffic <matrix.csv> [<options>]
    """
  }

  @Option(
    help: ArgumentHelp("Sites, hosts, prices, links.", valueName: "federation.yaml"),
    completion: .file(extensions: documentExtensions))
  var federation: String

  @Option(
    name: .customLong("application"), parsing: .singleValue,
    help: ArgumentHelp("VMs, objective, constraints; several share hosts and quotas.", valueName: "application.yaml"),
    completion: .file(extensions: documentExtensions))
  var applications: [String]

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("Traffic matrix as CSV, or a capture; of captures several.", valueName: "matrix.csv"),
    completion: .file())
  var traffic: [String]

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seconds covered; a matrix needs it, a capture has times.", valueName: "seconds"))
  var window: Double?

  @Option(help: "What is wanted, instead of what the application says.")
  var objective: Objective?

  @Option(
    help: ArgumentHelp("What is taken as now (ISO 8601); the clock unless given.", valueName: "time"),
    transform: { text in
      guard let time = Timestamp(text) else {
        throw ValidationError("ISO 8601 with a time zone, in the years 1678 to 2262: 2026-12-01T08:00:00Z.")
      }
      return time
    })
  var at: Timestamp?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Bound on the search, without reading the files; with --pareto half of it at most for the plan.",
      valueName: "seconds"))
  var timeLimit = 8.0

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "What if: a field of the documents, taken to be VALUE (empty: left out).",
      discussion: """
        The path begins with site.NAME, host.NAME, link.SITE.SITE, egress.SITE.SITE, vm.NAME, endpoint.NAME or \
        application: --set site.rennes.price.vmHour=0.2 --set application.remainingHours=5
        """, valueName: "path=value"),
    transform: { text in
      do { return try Override(text) } catch { throw ValidationError("\(error)") }
    })
  var overrides: [Override] = []

  @Option(
    name: .customLong("without-site"), parsing: .singleValue,
    help: ArgumentHelp("What if: no VM may be at this site.", valueName: "name"))
  var withoutSites: [String] = []

  @Flag(help: "Print what else could be had of cost and time.")
  var pareto = false

  @Option(
    name: .customLong("save"),
    help: ArgumentHelp("Keep the plan with all that it stands on, for transhumance explain.", valueName: "plan.json"),
    completion: .file(extensions: ["json"]))
  var save: String?

  @Flag(help: "Leave out endpoints of the matrix that neither file knows; an error otherwise.")
  var ignoreUnknown = false

  @Flag(help: "Print every term of the formulas.")
  var explain = false

  @Option(help: "How the result is printed.")
  var format: DocumentFormat = .table

  func validate() throws {
    if let window, !(window.isFinite && window > 0) {
      throw ValidationError("--window is a number of seconds above 0.")
    }
    guard timeLimit > 0, timeLimit <= 1e6 else {
      throw ValidationError("--time-limit is a number of seconds above 0, at most 1000000.")
    }
    if pareto, applications.count > 1 {
      throw ValidationError("--pareto is of one application: give --application once.")
    }
    if pareto, explain, format == .csv {
      throw ValidationError(
        "--pareto and --explain are two tables, and CSV has one: leave out either, or take --format json.")
    }
    if ([federation] + applications + traffic).count(where: { $0 == "-" }) > 1 {
      throw ValidationError("Standard input (-) can be read once only.")
    }
  }

  private var trafficNames: String { traffic.map { Text.fileName($0) }.joined(separator: ", ") }

  /// Reads the files, plans, prints.
  ///
  /// - Parameter draw: what else is made of the answer, and for which federation.
  func run(
    _ task: PlacementInstance.Task, needsMinimumGain: Bool,
    draw: (PlanQuestion.Answer, PlanQuestion) throws -> Void = { _, _ in }
  ) throws {
    let output = try save.map { try OutputFile(path: $0, suffix: ".json") }
    let documents = try ([federation] + applications).map(read)
    let now = at ?? Timestamp(seconds: Date().timeIntervalSince1970.rounded())
    let inputs = { (traffic: PlanInputs.Document, window: Double) in
      PlanInputs(
        task: task.rawValue, federation: documents[0], applications: Array(documents.dropFirst()), traffic: traffic,
        window: window, at: now.description,
        objective: objective?.rawValue, overrides: overrides.map(\.text), withoutSites: withoutSites,
        ignoreUnknown: ignoreUnknown, needsMinimumGain: needsMinimumGain, timeLimit: timeLimit)
    }
    // What is wrong with the documents is told before a capture is read.
    _ = try PlanQuestion(inputs(.init(name: "", text: ""), 1), matrix: TrafficMatrix(rows: [], hasWaits: true))
    let input = try TrafficInput(reading: traffic, window: window)
    guard let seconds = window ?? input.matrix.windowSeconds else {
      throw CommandFailure.usage("--window is needed: a matrix doesn't say how many seconds it covers")
    }
    guard seconds > 0 else {
      throw CommandFailure(message: "\(trafficNames): has no two packets at different times: rates can't be told")
    }
    let matrix = output == nil ? "" : MatrixDocument.text(of: input.matrix)
    let question = try PlanQuestion(
      inputs(.init(name: trafficNames, text: matrix), seconds), matrix: input.matrix, isQuiet: true)
    let answer = try question.answer(pareto: pareto)
    try output?.write(SavedPlan(inputs: question.inputs, answer: answer).text)
    try draw(answer, question)
    switch answer {
    case .one(let plan): try print(plan, input.warnings)
    case .several(let plan): try print(plan, input.warnings)
    }
    try input.requireComplete()
    if answer.outcome.decision == .infeasible { throw CommandFailure(status: .infeasible, message: "") }
  }

  private func print(_ plan: Plan, _ warnings: [String]) throws {
    var plan = plan
    plan.warnings = warnings + plan.warnings
    plan.warnings.forEach(Terminal.printWarning)
    switch format {
    case .table: try StandardOutput.write(plan.table + (explain ? "\n" + plan.explanation.table : ""))
    case .json: try StandardOutput.write(json: PlanDocument(plan: plan, isExplained: explain))
    case .csv: try StandardOutput.write(explain ? plan.explanation.csv : plan.frontier?.csv ?? plan.csv)
    }
    // A table of moves has no place for why there is none.
    if plan.decision == .infeasible, format == .csv {
      Terminal.printError(([plan.reason] + plan.clash).joined(separator: "\n  - "))
    }
  }

  private func print(_ plan: JointPlan, _ warnings: [String]) throws {
    (warnings + plan.warnings).forEach(Terminal.printWarning)
    switch format {
    case .table: try StandardOutput.write(plan.table + (explain ? "\n" + plan.explanation.table : ""))
    case .json: try StandardOutput.write(json: PlanDocument(plan: plan, isExplained: explain))
    case .csv: try StandardOutput.write(explain ? plan.explanation.csv : plan.csv)
    }
    if plan.decision == .infeasible, format == .csv { Terminal.printError(plan.reason) }
  }

  private func read(_ path: String) throws -> PlanInputs.Document {
    let name = Text.fileName(path)
    do {
      let bytes = try DocumentFile(path: path).read(upTo: DocumentKind.maximumBytes + 1)
      return PlanInputs.Document(name: name, bytes: bytes)
    } catch {
      throw CommandFailure(message: "\(name): \(error)")
    }
  }
}
