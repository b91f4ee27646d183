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
    help: ArgumentHelp("VMs, objective, constraints; one application at a time.", valueName: "application.yaml"),
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
    help: ArgumentHelp("Bound on the search, without reading the files.", valueName: "seconds"))
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
    guard applications.count == 1 else {
      throw ValidationError("--application is given once: several applications can't be planned together yet.")
    }
    if ([federation, application] + traffic).count(where: { $0 == "-" }) > 1 {
      throw ValidationError("Standard input (-) can be read once only.")
    }
  }

  private var application: String { applications[0] }
  private var trafficNames: String { traffic.map { Text.fileName($0) }.joined(separator: ", ") }

  /// Reads the files, plans, prints.
  func run(_ task: PlacementInstance.Task, needsMinimumGain: Bool) throws {
    let federation = try read(self.federation, FederationDocument.parse)
    let application = try read(self.application) { bytes, file throws(DocumentError) in
      try ApplicationDocument.parse(bytes, file: file, against: federation)
    }
    let input = try TrafficInput(reading: traffic, window: window)
    guard let seconds = window ?? input.matrix.windowSeconds else {
      throw CommandFailure.usage("--window is needed: a matrix doesn't say how many seconds it covers")
    }
    guard seconds > 0 else {
      throw CommandFailure(message: "\(trafficNames): has no two packets at different times: rates can't be told")
    }
    var plan: Plan
    do {
      let planner = try Planner(
        federation: federation, application: application, traffic: input.matrix, windowSeconds: seconds,
        now: at ?? Timestamp(seconds: Date().timeIntervalSince1970.rounded()), task: task, objective: objective,
        ignoreUnknown: ignoreUnknown)
      plan = try planner.plan(within: SearchLimits(seconds: timeLimit), needsMinimumGain: needsMinimumGain)
    } catch let error as PlacementError {
      throw failure(error, of: application)
    } catch let error as NothingFound {
      throw CommandFailure(message: error.description)
    }
    plan.warnings = input.warnings + plan.warnings
    plan.warnings.forEach(Terminal.printWarning)
    try print(plan)
    // A table of moves has no place for why there is none.
    if plan.decision == .infeasible, format == .csv {
      Terminal.printError(([plan.reason] + plan.clash).joined(separator: "\n  - "))
    }
    try input.requireComplete()
    if plan.decision == .infeasible { throw CommandFailure(status: .infeasible, message: "") }
  }

  private func print(_ plan: Plan) throws {
    switch format {
    case .table: try StandardOutput.write(plan.table + (explain ? "\n" + plan.explanation.table : ""))
    case .json: try StandardOutput.write(json: PlanDocument(plan: plan, isExplained: explain))
    case .csv: try StandardOutput.write(explain ? plan.explanation.csv : plan.csv)
    }
  }

  private func failure(_ error: PlacementError, of read: Application) -> any Error {
    let application = Text.fileName(self.application)
    let placed = read.vms.count { $0.host != nil }
    return switch error {
    // Some have a host and others not: told when the application was read.
    case .notPlaced where placed > 0, .alreadyPlaced where placed < read.vms.count: CommandFailure.usage("")
    case .notPlaced: CommandFailure.usage("\(application): \(error) (first placements: transhumance place)")
    case .alreadyPlaced: CommandFailure.usage("\(application): \(error) (moves: transhumance plan)")
    case .unknownEndpoints: CommandFailure(message: "\(trafficNames): \(error) (--ignore-unknown)")
    case .noTrafficOfVMs, .outOfRange(.traffic, _, _, _): CommandFailure(message: "\(trafficNames): \(error)")
    case .outOfRange(.window, _, _, _): CommandFailure.usage("--window: \(error)")
    case .outOfRange(.federation, _, _, _): CommandFailure(message: "\(Text.fileName(federation)): \(error)")
    default: CommandFailure(message: "\(application): \(error)")
    }
  }

  /// Reads and parses one document; its warnings go to standard error.
  private func read<Value>(
    _ path: String, _ parse: ([UInt8], String) throws(DocumentError) -> (Value, [Diagnostic])
  ) throws -> Value {
    let name = Text.fileName(path)
    do {
      let bytes = try DocumentFile(path: path).read(upTo: DocumentKind.maximumBytes + 1)
      let (value, diagnostics) = try parse(bytes, name)
      for diagnostic in diagnostics { Terminal.printLine(diagnostic.description) }
      return value
    } catch let error as DocumentError {
      Terminal.printLine(error.description)
      throw CommandFailure(message: "")
    } catch let error as CommandFailure {
      throw error
    } catch {
      throw CommandFailure(message: "\(name): \(error)")
    }
  }
}
