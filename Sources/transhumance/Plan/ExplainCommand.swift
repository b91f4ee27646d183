import Answers
import ArgumentParser
import Foundation
import Planning

/// `transhumance explain`: why a plan that was kept is what it is.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tells why a plan that was kept is what it is, and why no VM is elsewhere.",
    discussion: """
      Reads what plan or place --save has kept: the documents, the traffic, the time and the options are in that file, \
      so that it doesn't matter what has become of them. Makes the plan anew from them, and prints every term of the \
      formulas, and, of one application, what each VM at another site would change.

      Examples:
        transhumance plan --federation federation.yaml --application cg.yaml \\
          --traffic cg.A.8.pcap.gz --save monday.json
        transhumance explain monday.json

      Exit codes: 0 the same plan as then, 1 failed, or another one: a search that runs out of time may find another.
      """)

  @Argument(
    help: ArgumentHelp("What --save has kept.", valueName: "plan.json"), completion: .file(extensions: ["json"]))
  var file: String

  @Option(help: "How the result is printed.")
  var format: DocumentFormat = .table

  func run() throws {
    let saved = try read()
    let question = try PlanQuestion(saved.inputs)
    let answer = try question.answer()
    switch answer {
    case .one(let plan):
      let alternatives = plan.decision == .infeasible ? [] : try question.planner().alternatives(to: plan.placement)
      try print(plan, alternatives)
    case .several(let plan): try print(plan)
    }
    let (decision, placement) = answer.outcome
    guard decision.rawValue == saved.plan.decision, placement == saved.plan.placement ?? [:] else {
      throw CommandFailure(
        message: "\(Text.fileName(file)): the plan that was kept is another one: \(saved.plan.decision), "
          + "\(saved.plan.reason). A search that runs out of time may find another (--time-limit)")
    }
  }

  private func read() throws -> SavedPlan.Reading {
    let name = Text.fileName(file)
    let bytes: [UInt8]
    do { bytes = try DocumentFile(path: file).read(upTo: 1 << 30) } catch {
      throw CommandFailure(message: "\(name): \(error)")
    }
    guard let saved = try? JSONDecoder().decode(SavedPlan.Reading.self, from: Data(bytes)) else {
      throw CommandFailure(message: "\(name): is no plan that was kept with plan --save or place --save")
    }
    return saved
  }

  private func print(_ plan: Plan, _ alternatives: [Alternative]) throws {
    plan.warnings.forEach(Terminal.printWarning)
    switch format {
    case .table:
      try StandardOutput.write(
        plan.table + "\n" + plan.explanation.table
          + (alternatives.isEmpty ? "" : "\n" + Alternative.table(alternatives)))
    case .json: try StandardOutput.write(json: ExplainDocument(plan: plan, alternatives: alternatives))
    case .csv: try StandardOutput.write(plan.explanation.csv)
    }
  }

  private func print(_ plan: JointPlan) throws {
    plan.warnings.forEach(Terminal.printWarning)
    switch format {
    case .table: try StandardOutput.write(plan.table + "\n" + plan.explanation.table)
    case .json: try StandardOutput.write(json: PlanDocument(plan: plan, isExplained: true))
    case .csv: try StandardOutput.write(plan.explanation.csv)
    }
  }
}

/// The plan's document with every term and the alternatives.
private struct ExplainDocument: Encodable {
  var plan: Plan
  var alternatives: [Alternative]

  func encode(to encoder: any Encoder) throws {
    try PlanDocument(plan: plan, isExplained: true).encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(alternatives, forKey: .alternatives)
  }

  private enum CodingKeys: String, CodingKey { case alternatives }
}

extension PlanQuestion.Answer {
  var outcome: (decision: Plan.Decision, placement: [String: String]) {
    switch self {
    case .one(let plan): (plan.decision, plan.placement)
    case .several(let plan): (plan.decision, plan.placement)
    }
  }
}

extension Alternative {
  /// One row for each VM and other site.
  static func table(_ alternatives: [Alternative]) -> String {
    var table = TextTable([
      ("INSTEAD", .left), ("AT", .left), ("HOST", .left), ("COST", .right), ("RUN TIME", .right), ("", .left),
    ])
    let signed = { (value: Double, text: String) in (value < 0 ? "−" : "+") + text }
    for one in alternatives {
      table.append([
        one.vm, one.site, one.host, one.cost.map { signed($0, Text.decimals(abs($0), 2)) } ?? "–",
        one.seconds.map { signed($0, Text.duration(abs($0))) } ?? "–",
        one.breaks.isEmpty ? "" : "breaks \(one.breaks.joined(separator: "; "))",
      ])
    }
    return table.rendered()
  }
}
