import ArgumentParser
import Documents
import Drawing
import Foundation
import Model
import Planning
import Simulation

extension PolicyName: ExpressibleByArgument {}

/// `transhumance simulate`: what the loop would do over days, beside other ways, in virtual time.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Plays a scenario in virtual time under several policies, and compares what they come to.",
    discussion: """
      A scenario has sites whose prices, speeds and openings change, and applications that come, change phase and go. \
      What is in one, and how it is played, is in docs/simulation.md; Examples/scenarios has some.

      Policies: ours (the planner, and when the loop acts), eager (the same \
      without its patience), report (the strategy of the report of 2010), \
      static, random, first-fit (each VM at the cheapest site), oracle (knows \
      the future).

      Examples:
        transhumance simulate Examples/scenarios/price-swing.yaml
        transhumance simulate scenario.yaml --seeds 10 --format json
        transhumance simulate scenario.yaml --policy ours --policy static \\
          --plot swing.svg

      Exit codes: 0 played, 1 failed, 2 usage.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case table, json }

  @Argument(
    help: ArgumentHelp("What is played; - is standard input.", valueName: "scenario.yaml"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var scenario: String

  @Option(
    name: .customLong("policy"), parsing: .singleValue,
    help: ArgumentHelp("One that is compared; all unless given.", valueName: "policy"))
  var policies: [PolicyName] = []

  @Option(
    parsing: .unconditional, help: ArgumentHelp("How many courses of the scenario are played.", valueName: "count"))
  var seeds = 1

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The first one's seed; the next ones follow.", valueName: "number"))
  var seed: UInt64 = 1

  @Option(help: "How the result is printed.")
  var format: Format = .table

  @Option(
    help: ArgumentHelp("Draws how the first course went.", valueName: "file.svg"),
    completion: .file(extensions: ["svg"]), transform: PictureFile.init(argument:))
  var plot: PictureFile?

  func validate() throws {
    guard (1...10_000).contains(seeds) else { throw ValidationError("--seeds is a number from 1 to 10000.") }
    guard seed <= .max - 10_000 else { throw ValidationError("--seed is too large a number.") }
    if Set(policies).count < policies.count { throw ValidationError("A policy is named twice.") }
  }

  func run() throws {
    let picture = try plot?.open()
    let scenario = try read()
    do {
      try Comparison.check(scenario)
    } catch {
      throw CommandFailure(message: "\(Text.fileName(self.scenario)): \(error)")
    }
    let chosen = policies.isEmpty ? PolicyName.allCases : policies
    let comparison = Comparison(scenario, seeds: (0..<UInt64(seeds)).map { seed + $0 }, policies: chosen)
    try picture?.write(comparison.chart(of: Text.fileName(self.scenario)).svg())
    switch format {
    case .table: try StandardOutput.write(comparison.table(of: Text.fileName(self.scenario)))
    case .json: try StandardOutput.write(json: SimulationDocument(comparison, file: Text.fileName(self.scenario)))
    }
  }

  private func read() throws -> Scenario {
    let name = Text.fileName(scenario)
    do {
      let bytes = try DocumentFile(path: scenario).read(upTo: DocumentKind.maximumBytes + 1)
      let (value, diagnostics) = try ScenarioDocument.parse(bytes, file: name)
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
