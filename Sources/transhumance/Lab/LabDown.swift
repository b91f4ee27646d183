import ArgumentParser
import Lab

struct LabDown: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "down",
    abstract: "Ends the lab and removes all that it leaves.",
    discussion: """
      Works in any state, also after parts of the lab or all of it were \
      killed. Without a lab there is nothing to do, and that is no failure.

      Examples:
        transhumance lab down
        transhumance lab down --dry-run

      Exit codes: 0 no lab is there, 1 something resists, 2 usage.
      """)

  @Flag(help: "Only say what would be ended.")
  var dryRun = false

  func run() async throws {
    try await reportingLab {
      if dryRun {
        // Nobody else sees what there is.
        try Laboratory.requireRoot()
        let count = LabProcesses()?.count ?? 0
        let folder = Laboratory.ofThisMachine.folder
        guard count > 0 || folder.exists else { return Terminal.printLine("There is no lab.") }
        return try StandardOutput.write("Would be ended: \(count) processes; removed: \(folder.path)\n")
      }
      let found = try await Laboratory.ofThisMachine.down()
      Terminal.printLine(found ? "The lab is gone." : "There is no lab.")
    }
  }
}
