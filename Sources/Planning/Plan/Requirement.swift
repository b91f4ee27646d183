package import Model

/// One thing that a placement has to satisfy and that could be left out to see whether one fits then.
package enum Requirement: Hashable, Sendable {
  /// An entry of the application's `constraints`, by index.
  case rule(Int)
  case deadline
  case budget
  case slowdownLimit
  case window(site: Int)
  case quotaVMs(site: Int)
  case quotaVCPUs(site: Int)
  case quotaMemory(site: Int)
  case quotaVCPUHours(site: Int)
  /// vCPUs and memory of hosts, by index through all sites.
  case vcpus(hosts: Range<Int>)
  case memory(hosts: Range<Int>)
  /// Of a site and its hosts, what is to stay free.
  case headroom(site: Int)
  /// A site that is to be left, or hosts, by index through all sites.
  case drainedSite(site: Int)
  case drained(hosts: Range<Int>)
  /// CPU model and QEMU version of hosts, by index through all sites.
  case compatible(hosts: Range<Int>)
  /// This VM can't be moved everywhere by live migration, or stays where it is.
  case movable(vm: Int)
}

extension Requirement {
  /// All of an instance: what a person would rather hear of last, so that it stays in a clash if either could. Hosts
  /// site by site.
  package static func all(of application: Application, in instance: PlacementInstance) -> [Requirement] {
    var all: [Requirement] = []
    if let present = instance.present {
      all += instance.vms.indices.filter { vm in
        instance.hosts.indices.contains { host in
          if case .failure = instance.migration(of: vm, to: host) { return host != present[vm] }
          return false
        }
      }.map { .movable(vm: $0) }
    }
    let sites = instance.sites.indices.filter { !instance.siteHosts[$0].isEmpty }
    all += sites.filter { site in
      let hosts = instance.siteHosts[site]
      return hosts.contains { host in instance.vms.indices.contains { instance.incompatibility(of: $0, on: host) != nil } }
    }.map { .compatible(hosts: instance.siteHosts[$0]) }
    all += sites.filter { instance.sites[$0].hosts.contains { $0.memoryGiB != nil } }
      .map { .memory(hosts: instance.siteHosts[$0]) }
    all += sites.map { .vcpus(hosts: instance.siteHosts[$0]) }
    all += sites.filter { site in instance.siteHosts[site].contains { instance.hasHeadroom(at: $0) } }
      .map { .headroom(site: $0) }
    all += sites.filter { instance.sites[$0].isDrained }.map { .drainedSite(site: $0) }
    all += sites.filter { instance.sites[$0].hosts.contains(where: \.isDrained) }
      .map { .drained(hosts: instance.siteHosts[$0]) }
    all += sites.filter { instance.sites[$0].quota.vms != nil }.map { .quotaVMs(site: $0) }
    all += sites.filter { instance.sites[$0].quota.memoryGiB != nil }.map { .quotaMemory(site: $0) }
    all += sites.filter { instance.sites[$0].quota.vcpus != nil }.map { .quotaVCPUs(site: $0) }
    all += sites.filter { instance.sites[$0].quota.vcpuHours != nil }.map { .quotaVCPUHours(site: $0) }
    all += sites.filter { instance.secondsUntilClosed[$0] != nil }.map { .window(site: $0) }
    if instance.slowdownLimit != nil { all.append(.slowdownLimit) }
    if application.deadline != nil { all.append(.deadline) }
    if application.budget != nil { all.append(.budget) }
    return all + application.constraints.indices.map { .rule($0) }
  }

  /// Of the hosts of a whole site: each host for itself.
  package var refined: [Requirement] {
    switch self {
    case .vcpus(let hosts): hosts.map { .vcpus(hosts: $0..<$0 + 1) }
    case .memory(let hosts): hosts.map { .memory(hosts: $0..<$0 + 1) }
    case .drained(let hosts): hosts.map { .drained(hosts: $0..<$0 + 1) }
    case .compatible(let hosts): hosts.map { .compatible(hosts: $0..<$0 + 1) }
    default: [self]
    }
  }

  /// The same of other hosts, where it speaks of hosts.
  func of(hosts: Range<Int>) -> Requirement {
    switch self {
    case .vcpus: .vcpus(hosts: hosts)
    case .memory: .memory(hosts: hosts)
    case .drained: .drained(hosts: hosts)
    case .compatible: .compatible(hosts: hosts)
    default: self
    }
  }

  /// Whether it says what the other says of some of its hosts.
  func covers(_ other: Requirement) -> Bool {
    switch (self, other) {
    case (.vcpus(let hosts), .vcpus(let some)), (.memory(let hosts), .memory(let some)),
      (.drained(let hosts), .drained(let some)), (.compatible(let hosts), .compatible(let some)):
      hosts.lowerBound <= some.lowerBound && some.upperBound <= hosts.upperBound
    default: self == other
    }
  }

  private static let plenty = 1e18

  /// The question without these requirements.
  package static func relax(
    _ requirements: some Sequence<Requirement>, _ federation: inout Federation, _ application: inout Application
  ) {
    var rules = Set<Int>()
    for requirement in requirements {
      switch requirement {
      case .rule(let index): rules.insert(index)
      case .deadline: application.deadline = nil
      case .budget: application.budget = nil
      case .slowdownLimit: application.slowdownLimit = plenty
      case .window(let site): (federation.sites[site].availableUntil, federation.sites[site].windows) = (nil, [])
      case .quotaVMs(let site): federation.sites[site].quota.vms = nil
      case .headroom(let site):
        federation.sites[site].headroom = 0
        for host in federation.sites[site].hosts.indices { federation.sites[site].hosts[host].headroom = nil }
      case .drainedSite(let site): federation.sites[site].isDrained = false
      case .drained(let hosts): federation.changeHosts(hosts) { $0.isDrained = false }
      case .compatible(let hosts): federation.changeHosts(hosts) { ($0.cpuModel, $0.qemuVersion) = (nil, nil) }
      case .quotaVCPUs(let site): federation.sites[site].quota.vcpus = nil
      case .quotaMemory(let site): federation.sites[site].quota.memoryGiB = nil
      case .quotaVCPUHours(let site): federation.sites[site].quota.vcpuHours = nil
      case .vcpus(let hosts): federation.changeHosts(hosts) { $0.vcpus = plenty }
      case .memory(let hosts): federation.changeHosts(hosts) { $0.memoryGiB = nil }
      case .movable(let vm):
        (application.vms[vm].staysBecause, application.vms[vm].managedBy) = (nil, nil)
        application.vms[vm].dirtyMiBps = 0
        for disk in application.vms[vm].disks.indices { application.vms[vm].disks[disk].writeMiBps = 0 }
      }
    }
    application.constraints = application.constraints.enumerated().filter { !rules.contains($0.offset) }.map(\.element)
  }
}

extension Federation {
  /// Changes hosts by their index through all sites.
  fileprivate mutating func changeHosts(_ range: Range<Int>, _ change: (inout Host) -> Void) {
    var first = 0
    for site in sites.indices {
      for host in sites[site].hosts.indices where range.contains(first + host) { change(&sites[site].hosts[host]) }
      first += sites[site].hosts.count
    }
  }
}
