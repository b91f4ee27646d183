import Answers
import ArgumentParser
import Foundation
import GRPCCore
import UnixSignals
import Wire

struct MigrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Moves a running VM to another host, live: addresses and connections stay.",
    discussion: """
      What speaks against the move is told at once, before anything is \
      touched. Ctrl-C cancels and the VM stays where it is; once it has \
      stopped for the last copy, it is too late to cancel. Should this \
      command be killed, the move goes on: `transhumance get moves`.

      A VM that another manager has in its care, as Nova, Pacemaker or \
      oVirt, is left to that one, which may move or start it elsewhere as it \
      sees fit; with --despite-manager it is moved all the same.

      Examples:
        transhumance migrate vm5 --to a2
        transhumance migrate vm5 --to a2 --dry-run
        transhumance migrate vm5 --to a2 --bandwidth 50 --max-downtime 0.1

      Exit codes: 0 the VM is at HOST, 1 it isn't, 2 usage.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case table, json }

  @Argument(help: "The VM's name.") var vm: String
  @Option(help: ArgumentHelp("The host it shall run on.", valueName: "host")) var to: String
  @Flag(help: "Only say what speaks against it.") var dryRun = false
  @Flag(help: "Move it also where another manager has it in its care.") var despiteManager = false
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The most that copying may take of the link; unlimited unless given.", valueName: "MiB/s"))
  var bandwidth: Double?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How long the VM may stand still at the end; 0.3 unless given.", valueName: "seconds"))
  var maxDowntime: Double?
  @Option(parsing: .unconditional, help: ArgumentHelp("Gives up after so many rounds of copying.", valueName: "count"))
  var maxRounds = 30
  @Option(parsing: .unconditional, help: ArgumentHelp("Gives up when copying takes longer.", valueName: "seconds"))
  var timeout: Double = 600
  @Option(help: "How the result is printed.") var format: Format = .table
  @OptionGroup var agent: AgentOptions

  func validate() throws {
    if let bandwidth, !(bandwidth >= 1 && bandwidth <= 1e6) {
      throw ValidationError("--bandwidth must be 1 … 1,000,000 MiB/s.")
    }
    if let maxDowntime, !(maxDowntime >= 0.001 && maxDowntime <= 60) {
      throw ValidationError("--max-downtime must be 0.001 … 60 s.")
    }
    if !(timeout >= 1 && timeout <= 1e6) { throw ValidationError("--timeout must be 1 … 1,000,000 s.") }
    if !(1...1_000_000).contains(maxRounds) { throw ValidationError("--max-rounds must be 1 … 1,000,000.") }
  }

  func run() async throws {
    var request = MigrateRequest()
    request.vm = vm
    request.to = to
    request.dryRun = dryRun
    request.bandwidthMibPerSecond = bandwidth ?? 0
    request.maxDowntimeSeconds = maxDowntime ?? 0
    request.maxRounds = UInt32(clamping: maxRounds)
    request.timeoutSeconds = timeout
    request.by = LoginName.current
    request.despiteManager = despiteManager
    let call = request
    let display = MoveDisplay(vm: vm, quiet: format == .json)
    let outcome = try await agent.withAgent { client in
      let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
      return try await withThrowingTaskGroup(of: MigrateOutcome?.self) { group in
        group.addTask {
          try await client.migrate(call) { response in
            var outcome = MigrateOutcome()
            for try await progress in response.messages {
              display.show(progress)
              outcome.take(progress)
            }
            return outcome
          }
        }
        group.addTask {
          var count = 0
          for await _ in signals {
            count += 1
            if count > 1 { throw CommandFailure(message: "left while the move goes on: see `transhumance get moves`") }
            display.say("cancelling")
            var reference = Transhumance_V1_VMReference()
            reference.vm = call.vm
            reference.by = call.by
            _ = try? await client.cancel(reference, options: AgentOptions.within(.seconds(10)))
          }
          return nil
        }
        defer { group.cancelAll() }
        while let result = try await group.next() {
          if let result { return result }
        }
        return MigrateOutcome()
      }
    }
    display.end()
    try outcome.report(of: self)
  }
}

/// What came of a call of `migrate`.
struct MigrateOutcome: Sendable {
  var preflight: Transhumance_V1_Preflight?
  var finished: MoveReport?

  mutating func take(_ progress: MigrateProgress) {
    switch progress.progress {
    case .preflight(let preflight): self.preflight = preflight
    case .finished(let report): finished = report
    case .step, .copy, nil: break
    }
  }

  func report(of command: MigrateCommand) throws {
    let preflight = preflight ?? .init()
    guard preflight.problems.isEmpty else {
      throw CommandFailure(
        message: "\(command.vm) can't move to \(command.to):\n"
          + preflight.problems.map { "  - \($0)\n" }.joined().dropLast())
    }
    if preflight.nothingToDo {
      var report = finished ?? .init()
      (report.vm, report.from, report.to, report.result) = (command.vm, command.to, command.to, "done")
      report.reason = "it is there already"
      return try print(report, command)
    }
    guard let finished else {
      guard command.dryRun else {
        throw CommandFailure(message: "the agent ended the call without a result: see `transhumance get moves`")
      }
      Terminal.printLine("\(command.vm) can move from \(preflight.from) to \(preflight.to); nothing was changed")
      return
    }
    try print(finished, command)
    guard finished.result == "done" else {
      throw CommandFailure(message: "\(command.vm) isn't at \(command.to): \(finished.result), \(finished.reason)")
    }
  }

  private func print(_ report: MoveReport, _ command: MigrateCommand) throws {
    switch command.format {
    case .json: try StandardOutput.write(json: MoveDocument(report))
    case .table: try StandardOutput.write(MoveTimeline(report).text)
    }
  }
}
