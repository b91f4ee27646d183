import GRPCCore
import Model
import Wire

/// Whether the controller is there and hears the agents of all hosts.
struct ControllerReadiness: Sendable {
  private let hosts: [String]

  init(_ lab: LabDescription) {
    hosts = lab.hosts.map(\.host.name)
  }

  /// What is still missing, nil: nothing.
  @Sendable func missing(socket: String) async -> String? {
    do {
      let reply = try await ServiceSocket.connect(to: socket) { client in
        try await ControlAPI.Client(wrapping: client)
          .overview(.init(), options: AgentOptions.within(.seconds(5)))
      }
      let heard = Set(reply.hosts.filter(\.connected).map(\.name))
      return hosts.first { !heard.contains($0) }.map { "it doesn't hear \($0)" }
    } catch {
      return "it doesn't answer (\(error))"
    }
  }
}
