import ArgumentParser
import Lab

struct LabPhase: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "phase",
    abstract: "Has the guests' workload go over to another of its phases.",
    discussion: """
      In each phase guests may be in other groups, and talk more or less; \
      the lab file says so (`phases` of a workload). Connections of all \
      phases are opened when the guests start, and none is closed.

      Examples:
        transhumance lab phase 2
        transhumance lab phase 1

      Exit codes: 0 all guests are in it, 1 one isn't, 2 usage.
      """)

  @Argument(help: ArgumentHelp("The phase; the first is 1.", valueName: "number"))
  var number: Int

  func validate() throws {
    if !(1...9).contains(number) { throw ValidationError("There are phases 1 to 9.") }
  }

  func run() async throws {
    try await reportingLab { try await Laboratory.ofThisMachine.begin(phase: number) }
  }
}
