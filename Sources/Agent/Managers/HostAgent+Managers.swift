internal import Libvirt
internal import Logging

/// Which VMs of this host somebody else moves.
extension HostAgent {
  /// Between two looks: a VM may come into another manager's care, or leave it, while it runs, and nothing tells.
  private static let pace = Duration.seconds(30)

  /// Looks again and again, until cancelled.
  func watchManagers() async {
    while !Task.isCancelled {
      try? await Task.sleep(for: Self.pace)
      await readManagers()
    }
  }

  /// The same of VMs that libvirt doesn't have.
  func watchForeignVMs() async {
    while !Task.isCancelled {
      await readForeignVMs()
      try? await Task.sleep(for: Self.pace)
    }
  }

  private func readManagers() async {
    let found = try? await hypervisor.call { connection in
      let pacemaker = ManagerTraces().pacemakerDomains
      return try connection.domains().map { ($0.name, Self.manager(of: $0, pacemaker)) }
    }
    // Without a hypervisor: what was known stands.
    for (vm, manager) in found ?? [] where domains[vm] != nil && domains[vm]?.manager != manager {
      domains[vm]?.manager = manager
      tellManager(of: vm)
    }
  }

  func tellManager(of vm: String) {
    logger.info("\(vm) is managed by \(domains[vm]?.manager?.rawValue ?? "nobody else any more")")
  }

  /// Blocks.
  static func manager(of domain: Domain, _ pacemaker: Set<String>) -> OtherManager? {
    let description = (try? domain.xml(.live)).flatMap { try? XMLElement(parsing: $0) }
    return description.flatMap { OtherManager(of: $0) } ?? (pacemaker.contains(domain.name) ? .pacemaker : nil)
  }

  private func readForeignVMs() async {
    let found = try? await DedicatedThread.run { () throws(LibvirtError) in ManagerTraces().foreignVMs }
    guard let found, found != foreignVMs else { return }
    foreignVMs = found
    let words = found.map { "\($0.name) (\($0.manager.rawValue))" }.joined(separator: ", ")
    logger.info("VMs that run here without libvirt: \(found.isEmpty ? "none any more" : words)")
  }
}
