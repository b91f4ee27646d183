import Answers
import Wire

struct HostDescription: Description {
  struct Silence: Encodable {
    var name: String
    var reason: String
  }

  let host: HostStatusDocument
  /// Other hosts that the agent which was asked doesn't hear.
  let silentHosts: [Silence]
  /// The agent that was asked; empty: the controller was.
  private let agent: String
  let moves: MoveList

  init?(of name: String, in reply: ListReply, clocks: [String: Double]) {
    guard let row = HostList(reply, clocks: clocks).rows.first(where: { $0.name == name }) else { return nil }
    host = row.document
    silentHosts = reply.hosts.filter { !$0.hasReport && $0.name != name }
      .map { Silence(name: $0.name, reason: $0.error) }
    agent = reply.agent
    moves = MoveList(reply) { $0.from == name || $0.to == name }
  }

  var text: String {
    let witness = agent.isEmpty ? "the controller" : "the agent of \(agent)"
    let silence = silentHosts.map { "\($0.name) (\($0.reason))" }.joined(separator: ", ")
    let lines: [(String, String)] = [
      ("Name", host.name), ("Site", host.site), ("Address", host.address.isEmpty ? "–" : host.address),
      ("Agent", host.agent), ("Held", host.holdInWords),
      ("Clock", host.clockInWords + (host.clockOffsetSeconds == nil ? "" : " against the controller's")),
      ("Hypervisor", host.hypervisor ?? "–"), ("vCPUs", host.vcpusInWords ?? "–"),
      ("Memory", host.memoryInWords ?? "–"), ("VMs", host.vms.map { $0.joined(separator: " ") } ?? "–"),
      ("Map", host.mapEntries.map { "\($0) VMs" } ?? "–"),
      ("Fabric", host.corrections.map { "\($0) objects mended that others had changed" } ?? "–"),
      ("Silent hosts", silentHosts.isEmpty ? "none" : "\(silence), by \(witness)"),
    ]
    let conflicts = host.conflicts.isEmpty ? [("Conflicts", "none")] : host.conflicts.map { ("Conflict", $0.text) }
    return Self.text(lines + conflicts) + Self.text(moves)
  }

  func encode(to encoder: any Encoder) throws {
    try host.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(silentHosts, forKey: .silentHosts)
    try container.encode(moves.rows.map(\.document), forKey: .moves)
  }

  private enum CodingKeys: String, CodingKey { case silentHosts, moves }
}
