import ArgumentParser
import Foundation
import Model
import SwiftProtobuf
import Wire

struct HoldCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold",
    abstract: "Keeps this host as it is: no move to it or from it begins, and no VM is started there.",
    discussion: """
      Asked of the host's own agent, so it needs no controller; a controller \
      sees it, and plans around the host. Moves that have begun go on to \
      their end. It outlives the agent and the machine, until `--undo`. A \
      host is held once: a later reason takes the place of an earlier one.

      In a lab run it inside a host (`transhumance lab exec`).

      Examples:
        transhumance hold --reason "a fan is replaced"
        transhumance get hosts
        transhumance hold --undo
        transhumance lab exec b1 -- transhumance hold
      """)

  @Flag(help: "Let moves begin and VMs start again.") var undo = false
  @Option(help: ArgumentHelp("Why, for whoever is refused.", valueName: "text")) var reason: String?
  @OptionGroup var agent: AgentOptions

  func validate() throws {
    guard reason == nil || !undo else { throw ValidationError("--reason says why a host is held: --undo needs none.") }
  }

  func run() async throws {
    let request = Transhumance_V1_HoldRequest.with {
      $0.undo = undo
      $0.reason = reason ?? ""
      $0.by = LoginName.current
    }
    let reply = try await agent.withOwnAgent { try await $0.hold(request, options: AgentOptions.within(.seconds(10))) }
    for vm in reply.moving { Terminal.printLine("the move of \(vm) has begun, and goes on to its end") }
    let before = reply.hasBefore ? HostHold(reply.before) : nil
    if let before, !undo { Terminal.printLine("until now: \(before.words(of: reply.host))") }
    let state = reply.hasHold ? "held" : before == nil ? "wasn't held" : "isn't held any more"
    try StandardOutput.write("\(reply.host): \(state)\n")
  }
}
