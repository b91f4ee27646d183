import Documents
import Foundation
import Model
import Planning

/// All that a plan stands on, by value: the same inputs give the same plan, later too.
struct PlanInputs: Codable {
  /// A document as it was read.
  struct Document: Codable {
    var name: String
    /// Nil where it isn't UTF-8.
    var text: String?
    /// As in the file; in one that was kept the text's.
    var bytes: [UInt8] { read ?? Array((text ?? "").utf8) }
    private var read: [UInt8]?

    init(name: String, text: String) { (self.name, self.text) = (name, text) }

    init(name: String, bytes: [UInt8]) {
      (self.name, read) = (name, bytes)
      text = String(validating: bytes, as: UTF8.self)
    }

    private enum CodingKeys: String, CodingKey { case name, text }
  }

  /// `move` or `place`.
  var task: String
  var federation: Document
  var applications: [Document]
  /// A matrix as CSV, also where a capture was read.
  var traffic: Document
  var window: Double
  var at: String
  /// Instead of the applications'.
  var objective: String?
  var overrides: [String] = []
  var withoutSites: [String] = []
  var ignoreUnknown = false
  var needsMinimumGain = true
  var timeLimit: Double
}

/// The model's values of the inputs.
struct PlanQuestion {
  let inputs: PlanInputs
  let federation: Federation
  let applications: [Application]
  let matrix: TrafficMatrix
  let now: Timestamp
  let task: PlacementInstance.Task

  /// - Parameters:
  ///   - matrix: the traffic, where it has been read already.
  ///   - isQuiet: what documents warn of has been told.
  init(_ inputs: PlanInputs, matrix: TrafficMatrix? = nil, isQuiet: Bool = false) throws {
    self.inputs = inputs
    let overrides = try inputs.overrides.map { text in
      do { return try Override(text) } catch { throw CommandFailure.usage("--set: \(error)") }
    }
    guard let now = Timestamp(inputs.at), let task = PlacementInstance.Task(rawValue: inputs.task) else {
      throw CommandFailure(message: "the plan's inputs have no time or no task that is known")
    }
    (self.now, self.task) = (now, task)
    var federation = try Self.read(inputs.federation, isQuiet) { bytes, file throws(DocumentError) in
      try FederationDocument.parse(bytes, file: file, now: now, overriding: overrides)
    }
    for name in inputs.withoutSites {
      guard let site = federation.sites.firstIndex(where: { $0.name == name }) else {
        let names = federation.sites.map(\.name).joined(separator: ", ")
        throw CommandFailure.usage("--without-site \(name): the federation has no such site; it has \(names)")
      }
      federation.sites[site].isDrained = true
    }
    self.federation = federation
    applications = try inputs.applications.map { document in
      // A VM is one application's; of one that none has, each tells.
      let own = overrides.filter { one in
        one.concerns(document.bytes) || !inputs.applications.contains { one.concerns($0.bytes) }
      }
      return try Self.read(document, isQuiet) { bytes, file throws(DocumentError) in
        try ApplicationDocument.parse(bytes, file: file, against: federation, overriding: own)
      }
    }
    do {
      self.matrix =
        try matrix
        ?? MatrixDocument.parse(inputs.traffic.bytes, file: inputs.traffic.name, windowSeconds: inputs.window)
    } catch {
      throw CommandFailure(message: "\(error)")
    }
  }

  /// Parses one document; its warnings go to standard error.
  private static func read<Value>(
    _ document: PlanInputs.Document, _ isQuiet: Bool,
    _ parse: ([UInt8], String) throws(DocumentError) -> (Value, [Diagnostic])
  ) throws -> Value {
    do {
      let (value, diagnostics) = try parse(document.bytes, document.name)
      for diagnostic in diagnostics where !isQuiet { Terminal.printLine(diagnostic.description) }
      return value
    } catch {
      Terminal.printLine(error.description)
      throw CommandFailure(message: "")
    }
  }

  /// `--set` and `--without-site`, as they were given.
  var assumptions: [String] {
    inputs.overrides.map { "--set \($0)" } + inputs.withoutSites.map { "--without-site \($0)" }
  }

  var limits: SearchLimits { SearchLimits(seconds: inputs.timeLimit) }

  private var objective: Objective? { inputs.objective.flatMap(Objective.init) }

  func planner() throws(PlacementError) -> Planner {
    try Planner(
      federation: federation, application: applications[0], traffic: matrix, windowSeconds: inputs.window, now: now,
      task: task, objective: objective, ignoreUnknown: inputs.ignoreUnknown)
  }

  func jointPlanner() throws(PlacementError) -> JointPlanner {
    try JointPlanner(
      federation: federation, applications: applications, traffic: matrix, windowSeconds: inputs.window, now: now,
      task: task, objective: objective, ignoreUnknown: inputs.ignoreUnknown)
  }

  /// What was planned: for one application, or for several.
  enum Answer {
    case one(Plan)
    case several(JointPlan)
  }

  /// - Throws: `CommandFailure`, which says in which file what is wrong.
  func answer(pareto: Bool = false) throws -> Answer {
    do {
      guard applications.count == 1 else {
        var plan = try jointPlanner().plan(within: limits, needsMinimumGain: inputs.needsMinimumGain)
        plan.assumptions = assumptions
        return .several(plan)
      }
      let planner = try planner()
      var plan =
        try pareto
        ? planner.planWithFrontier(within: limits, needsMinimumGain: inputs.needsMinimumGain)
        : planner.plan(within: limits, needsMinimumGain: inputs.needsMinimumGain)
      plan.assumptions = assumptions
      return .one(plan)
    } catch let error as PlacementError {
      throw failure(error)
    } catch let error as NothingFound {
      throw CommandFailure(message: error.description)
    }
  }

  private func failure(_ error: PlacementError) -> any Error {
    let names = inputs.applications.map(\.name).joined(separator: ", ")
    let vms = applications.flatMap(\.vms)
    let placed = vms.count { $0.host != nil }
    return switch error {
    // Some have a host and others not: told when the application was read.
    case .notPlaced where placed > 0 && applications.count == 1,
      .alreadyPlaced where placed < vms.count && applications.count == 1:
      CommandFailure.usage("")
    case .notPlaced: CommandFailure.usage("\(names): \(error) (first placements: transhumance place)")
    case .alreadyPlaced: CommandFailure.usage("\(names): \(error) (moves: transhumance plan)")
    case .unknownEndpoints: CommandFailure(message: "\(inputs.traffic.name): \(error) (--ignore-unknown)")
    case .noTrafficOfVMs, .outOfRange(.traffic, _, _, _): CommandFailure(message: "\(inputs.traffic.name): \(error)")
    case .outOfRange(.window, _, _, _): CommandFailure.usage("--window: \(error)")
    case .outOfRange(.federation, _, _, _): CommandFailure(message: "\(inputs.federation.name): \(error)")
    default: CommandFailure(message: "\(names): \(error)")
    }
  }
}
