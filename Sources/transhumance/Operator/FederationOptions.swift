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

  /// Seconds by which hosts' clocks are ahead of the controller's; none where an agent was named, or no controller answers.
  func clocks() async -> [String: Double] {
    guard agent.socket == nil || controller.socket != nil, let overview = try? await controller.overview() else {
      return [:]
    }
    let known = overview.hosts.filter { $0.heard != 0 }.map { ($0.name, $0.clockOffsetSeconds) }
    return Dictionary(known, uniquingKeysWith: { first, _ in first })
  }
}

extension ListReply {
  /// What the controller knows of hosts and VMs, as an agent would tell it: of a host that isn't connected, VMs as it
  /// last told of them. Addresses of hosts, and VMs that no host has, the controller doesn't know.
  init(_ overview: OverviewReply) {
    self.init()
    var entries: [String: Transhumance_V1_FabricEntry] = [:]
    for host in overview.hosts {
      var status = HostStatus()
      (status.name, status.site) = (host.name, host.site)
      if host.connected, host.hasReport {
        status.report = host.report
      } else {
        status.error = "its agent isn't connected to the controller"
      }
      hosts.append(status)
      // Of a VM that moved, two hosts may tell: the later epoch is right.
      for vm in host.report.vms where vm.hasEntry && vm.entry.epoch >= entries[vm.name]?.epoch ?? 0 {
        entries[vm.name] = vm.entry
      }
    }
    map.entries = entries.sorted { $0.key < $1.key }.map(\.value)
  }
}
