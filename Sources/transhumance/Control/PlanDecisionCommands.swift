import ArgumentParser
import Foundation
import SwiftProtobuf
import Wire

struct ApproveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve",
    abstract: "Has a plan carried out that waits for it.",
    discussion: """
      Only plans in the state `proposed` wait; `transhumance describe plan` \
      tells what each would move, and why.

      Examples:
        transhumance get plans
        transhumance approve cg-20261125T140102
        transhumance approve cg-20261125T140102 --reject
      """)

  @Argument(help: "The plan, as `transhumance get plans` lists it.") var plan: String
  @Flag(help: "Turn it down; it isn't proposed anew for a while.") var reject = false
  @OptionGroup var controller: ControllerOptions

  func run() async throws {
    let decision = Transhumance_V1_PlanDecision.with {
      $0.plan = plan
      $0.approve = !reject
      $0.by = LoginName.current
    }
    let record = try await controller.withController {
      try await $0.decide(decision, options: AgentOptions.within(.seconds(20)))
    }
    try StandardOutput.write("\(record.identifier): \(record.state)\n")
  }
}

struct PauseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Has the controller begin nothing more; moves that have begun go on to their end.",
    discussion: """
      A pause of everything and those of applications end each by \
      themselves. `transhumance migrate` moves VMs all the same.

      Examples:
        transhumance pause --reason "maintenance until noon"
        transhumance pause cg --reason "its input is copied"
        transhumance resume cg
      """)

  @Argument(help: ArgumentHelp("One application; everything unless given.", valueName: "application"))
  var application: String?
  @Option(help: "Why, for whoever looks.") var reason = ""
  @OptionGroup var controller: ControllerOptions

  func run() async throws {
    try await send(application, resume: false, reason: reason, controller)
  }
}

struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Ends a pause.",
    discussion: """
      Without an application the pause of everything ends; applications that \
      were paused for themselves stay so.

      Examples:
        transhumance resume
        transhumance resume cg
      """)

  @Argument(help: ArgumentHelp("One application; everything unless given.", valueName: "application"))
  var application: String?
  @OptionGroup var controller: ControllerOptions

  func run() async throws {
    try await send(application, resume: true, reason: "", controller)
  }
}

private func send(
  _ application: String?, resume: Bool, reason: String, _ controller: ControllerOptions
) async throws {
  let request = Transhumance_V1_PauseRequest.with {
    $0.application = application ?? ""
    $0.resume = resume
    $0.reason = reason
    $0.by = LoginName.current
  }
  _ = try await controller.withController {
    try await $0.pause(request, options: AgentOptions.within(.seconds(20)))
  }
  try StandardOutput.write("\(application ?? "everything"): \(resume ? "goes on" : "paused")\n")
}
