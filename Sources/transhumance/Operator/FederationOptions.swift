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
    guard controller.place == nil else { return (ListReply(try await controller.overview()), []) }
    do {
      return (try await agent.list(), [])
    } catch let failure as CommandFailure where failure.isOfAbsence {
      guard let overview = try? await controller.overview() else { throw failure }
      return (ListReply(overview), ["\(failure.message) This is what the controller knows."])
    }
  }

  /// Seconds by which hosts' clocks are ahead of the controller's; none where an agent was named, or no controller answers.
  func clocks() async -> [String: Double] {
    guard agent.socket == nil || controller.place != nil, let overview = try? await controller.overview() else {
      return [:]
    }
    let known = overview.hosts.filter { $0.heard != 0 }.map { ($0.name, $0.clockOffsetSeconds) }
    return Dictionary(known, uniquingKeysWith: { first, _ in first })
  }
}
