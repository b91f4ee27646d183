import Answers
import ArgumentParser
import Wire

/// Who is asked of hosts, VMs and moves: an agent, or the controller where it was named or no agent answers.
struct FederationOptions: ParsableArguments {
  @OptionGroup var agent: AgentOptions
  @OptionGroup var controller: ControllerOptions

  /// - Returns: what is known, and what has to be said of it.
  func list() async throws -> (reply: ListReply, remarks: [String]) {
    guard agent.socket == nil else { return (try await agent.list(), []) }
    guard controller.socket == nil else { return (ListReply(try await controller.overview()), []) }
    do {
      return (try await agent.list(), [])
    } catch let failure as CommandFailure where failure.isOfAbsence {
      guard let overview = try? await controller.overview() else { throw failure }
      return (ListReply(overview), ["\(failure.message) This is what the controller knows."])
    }
  }
}
