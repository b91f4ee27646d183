import GRPCCore
import Lab
import Model
import Wire

/// Whether an agent is there, hears all others, and knows where every guest runs.
struct AgentReadiness: Sendable {
  private let hosts: [String: [String]]

  init(_ lab: LabDescription) {
    hosts = Dictionary(uniqueKeysWithValues: lab.hosts.map { place in
      (place.host.name, lab.guests.filter { $0.host == place.host.name }.map(\.name))
    })
  }

  /// What is still missing, nil: nothing.
  @Sendable func missing(socket: String) async -> String? {
    do {
      let reply = try await ServiceSocket.connect(to: socket) { client in
        try await OperatorAPI.Client(wrapping: client).list(.init(), options: AgentOptions.within(.seconds(5)))
      }
      return problem(of: reply)
    } catch {
      return "it doesn't answer (\(error))"
    }
  }

  private func problem(of reply: ListReply) -> String? {
    for (host, guests) in hosts.sorted(by: { $0.key < $1.key }) {
      guard let status = reply.hosts.first(where: { $0.name == host }) else { return "it doesn't know \(host)" }
      guard status.hasReport else { return "it doesn't hear \(host): \(status.error)" }
      let running = Set(status.report.vms.filter { $0.state == "running" }.map(\.name))
      if let guest = guests.first(where: { !running.contains($0) }) { return "\(guest) doesn't run at \(host)" }
      if let guest = guests.first(where: { name in !reply.map.entries.contains { $0.vm == name && $0.host == host } }) {
        return "\(guest) isn't in its map"
      }
    }
    return nil
  }
}
