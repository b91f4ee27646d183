/// What happens to a move while it copies.
enum Fault: CaseIterable {
  case sourceAgent
  case destinationAgent
  case sourceHypervisor
  case destinationHypervisor
  case cut

  func strike(_ lab: SmallLab, from source: String, to destination: String) async throws {
    switch self {
    case .sourceAgent: try await kill(agentOf: source, in: lab)
    case .destinationAgent: try await kill(agentOf: destination, in: lab)
    case .sourceHypervisor: try await kill(hypervisorOf: source, in: lab)
    case .destinationHypervisor: try await kill(hypervisorOf: destination, in: lab)
    case .cut:
      try await expectSuccess(lab.run("lab", "wan", "cut"))
      try await Task.sleep(for: .seconds(5))
      try await expectSuccess(lab.run("lab", "wan", "heal"))
    }
  }

  /// All hosts' processes share their numbers; the brackets keep the shell from finding itself.
  private func kill(agentOf host: String, in lab: SmallLab) async throws {
    try await expectSuccess(lab.shell(host, "kill -9 $(pgrep -f '[h]ost --name \(host) --lab')"))
  }

  private func kill(hypervisorOf host: String, in lab: SmallLab) async throws {
    try await expectSuccess(lab.shell(host, "kill -9 $(cat /run/libvirtd.pid)"))
  }

  private func expectSuccess(_ program: Program) throws {
    guard program.code == 0 else { throw Unexpected("\(program.output)\(program.error)") }
  }
}
