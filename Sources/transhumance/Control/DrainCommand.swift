import ArgumentParser
import SwiftProtobuf
import Wire

struct DrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drain",
    abstract: "Has all VMs leave a host, and none come.",
    discussion: """
      Where they would go is printed. VMs of applications in mode \
      `automatic` leave by themselves; those of others wait for \
      `transhumance approve`. `--undo` takes the host into use again.

      Examples:
        transhumance drain a1 --dry-run
        transhumance drain a1
        transhumance drain a1 --undo
      """)

  @Argument(help: "The host.") var host: String
  @Flag(help: "Only say what would be done.") var dryRun = false
  @Flag(help: "Take the host into use again.") var undo = false
  @OptionGroup var controller: ControllerOptions

  func run() async throws {
    let request = Transhumance_V1_DrainRequest.with {
      $0.host = host
      $0.dryRun = dryRun
      $0.undo = undo
      $0.by = LoginName.current
    }
    let reply = try await controller.withController {
      try await $0.drain(request, options: AgentOptions.within(.seconds(60)))
    }
    for plan in reply.plans {
      try StandardOutput.write("\(plan.application): \(plan.reason)\n")
      for step in plan.steps { try StandardOutput.write("  \(step.vm)  \(step.from) → \(step.to)\n") }
    }
    for problem in reply.problems { Terminal.printWarning(problem) }
    let state = undo ? "in use" : "drained"
    try StandardOutput.write(dryRun ? "\(host): nothing was done (dry run)\n" : "\(host): \(state)\n")
  }
}

struct DeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Takes an application out of the controller's care, or forgets what its moves have shown.",
    discussion: """
      VMs of an application run on where they are. What moves have shown of \
      how much its waits count (`transhumance describe application`) is the \
      application's calibration.

      Examples:
        transhumance delete application cg
        transhumance delete calibration cg
      """)

  enum Kind: String, CaseIterable, ExpressibleByArgument { case application, calibration }

  @Argument(help: "What it is: application or calibration.") var kind: Kind
  @Argument(help: "Its name.") var name: String
  @OptionGroup var controller: ControllerOptions

  func run() async throws {
    let reference = Transhumance_V1_ApplicationReference.with {
      // A controller that knows no calibration then finds no application of that name, and takes none away.
      ($0.name, $0.calibration) = kind == .calibration ? ("", name) : (name, "")
      $0.by = LoginName.current
    }
    _ = try await controller.withController {
      try await $0.remove(reference, options: AgentOptions.within(.seconds(20)))
    }
    try StandardOutput.write("\(name): \(kind == .calibration ? "calibration forgotten" : "deleted")\n")
  }
}
