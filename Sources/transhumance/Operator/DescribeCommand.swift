import ArgumentParser
import Model
import Wire

struct DescribeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Tells all that is known of a VM, a host, a move or a plan.",
    discussion: """
      Examples:
        transhumance describe vm vm5
        transhumance describe host a1
        transhumance describe move vm5-20261125T074455-3
        transhumance describe plan cg-20261125T140102
      """)

  enum Kind: String, CaseIterable, ExpressibleByArgument { case vm, host, move, plan }

  @Argument(help: "What it is: vm, host, move or plan.") var kind: Kind
  @Argument(help: "Its name.") var name: String
  @OptionGroup var agent: AgentOptions
  @OptionGroup var controller: ControllerOptions

  func run() async throws {
    if kind == .plan { return try await describePlan() }
    let reply = try await agent.list()
    switch kind {
    case .vm: try describeVM(in: reply)
    case .host: try describeHost(in: reply)
    case .move: try describeMove(in: reply)
    case .plan: break
    }
  }

  private func describePlan() async throws {
    let reply = try await controller.overview()
    guard let row = PlanList(reply).rows.first(where: { $0.name == name })?.document else { throw unknown("plans") }
    let gain = { (value: Double) in "\(Text.significant(value)) times the message rate" }
    try write([
      ("Plan", row.plan), ("Application", row.application),
      ("State", row.state + (row.stateReason.map { ": \($0)" } ?? "")), ("Made", row.created), ("Expires", row.expires),
      ("Decided by", row.decidedBy ?? "–"), ("Reason", row.reason), ("Predicted", gain(row.predictedGain)),
      ("Achieved", row.achievedGain.map(gain) ?? "–"),
    ])
    var table = TextTable([
      ("VM", .left), ("FROM", .left), ("TO", .left), ("STATE", .left), ("TOTAL", .right), ("DOWN", .right),
      ("LOST", .right), ("WHY", .left),
    ])
    for step in row.steps {
      table.append([
        step.vm, step.from, step.to, step.state, step.move.map { Text.duration($0.totalSeconds) } ?? "–",
        step.move.map { Text.duration($0.downtimeSeconds) } ?? "–", step.lostPackets.map(String.init) ?? "–",
        step.reason ?? step.why,
      ])
    }
    try StandardOutput.write("\n" + table.rendered())
  }

  private func describeVM(in reply: ListReply) throws {
    guard let row = VMList(reply).rows.first(where: { $0.name == name })?.document,
      let entry = reply.map.entries.first(where: { $0.vm == name })
    else { throw unknown("vms") }
    var lines = [
      ("Name", row.name), ("State", row.state), ("Host", "\(row.host) (site \(row.site))"),
      ("vCPUs", row.vcpus.map(String.init) ?? "–"),
      ("Memory", row.memoryMiB.map { Text.bytes($0 * 0x1p20) } ?? "–"), ("Epoch", String(row.epoch)),
    ]
    for interface in entry.interfaces {
      let addresses = interface.addresses.compactMap { IPAddress(octets: $0)?.description }
      lines.append(
        ("Interface", "\(interface.network)  \(MACAddress(interface.mac))  \(addresses.joined(separator: " "))"))
    }
    try write(lines)
    try write(moves: reply) { $0.vm == name }
  }

  private func describeHost(in reply: ListReply) throws {
    guard let row = HostList(reply).rows.first(where: { $0.name == name }) else { throw unknown("hosts") }
    let host = row.document
    try write([
      ("Name", host.name), ("Site", host.site), ("Address", host.address), ("Agent", host.agent),
      ("Hypervisor", host.hypervisor ?? "–"), ("vCPUs", row.cells[6]), ("Memory", row.cells[7]),
      ("VMs", host.vms.map { $0.joined(separator: " ") } ?? "–"),
      ("Map", host.mapEntries.map { "\($0) VMs" } ?? "–"),
      ("Fabric", host.corrections.map { "\($0) objects mended that others had changed" } ?? "–"),
    ])
    try write(moves: reply) { $0.from == name || $0.to == name }
  }

  private func describeMove(in reply: ListReply) throws {
    let moves = reply.hosts.filter(\.hasReport).flatMap(\.report.moves)
    guard let move = moves.first(where: { $0.identifier == name }) else { throw unknown("moves") }
    try StandardOutput.write(MoveTimeline(move).text)
  }

  private func write(_ lines: [(String, String)]) throws {
    let width = lines.map(\.0.count).max() ?? 0
    try StandardOutput.write(
      lines.map { "\($0 + ":")\(String(repeating: " ", count: width - $0.count + 2))\($1)\n" }.joined())
  }

  private func write(moves reply: ListReply, where belongs: (MoveReport) -> Bool) throws {
    let moves = reply.hosts.filter(\.hasReport).flatMap(\.report.moves).filter(belongs)
    guard !moves.isEmpty else { return }
    var only = reply
    only.hosts = reply.hosts.map { host in
      var host = host
      if host.hasReport { host.report.moves = host.report.moves.filter(belongs) }
      return host
    }
    try StandardOutput.write("\nMoves:\n")
    try MoveList(only).write(.table, only: nil)
  }

  private func unknown(_ list: String) -> CommandFailure {
    CommandFailure(
      message:
        "there is no \(kind.rawValue == "vm" ? "VM" : kind.rawValue) \"\(name)\"; `transhumance get \(list)` lists all")
  }
}
