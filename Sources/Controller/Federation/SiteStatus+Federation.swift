package import Model
internal import Planning
internal import SwiftProtobuf
package import Wire

extension FederationInForce {
  /// What each site offers and costs, by the federation's file; what is used of it, by what its hosts last said; and
  /// what is left at hosts that take VMs. In the order of the file.
  ///
  /// - Parameters:
  ///   - situation: by what the same hosts said.
  ///   - now: a site that has closed by then takes none.
  package func sites(
    _ hosts: [Transhumance_V1_SensedHost], in situation: Situation, at now: Timestamp
  ) -> [Transhumance_V1_SiteStatus] {
    let reports = Dictionary(hosts.map { ($0.name, $0.report) }, uniquingKeysWith: { first, _ in first })
    return federation.sites.map { site in
      var status = Transhumance_V1_SiteStatus()
      status.name = site.name
      status.kind = site.kind?.rawValue ?? ""
      if let end = site.closes(asOf: now) { status.availableUntil = end.nanoseconds }
      status.price = Transhumance_V1_SitePrice(site.price)
      status.quota = Transhumance_V1_SiteQuota(site.quota)
      status.hosts = site.hosts.map(\.name)
      (status.drained, status.headroom, status.closed) = (site.isDrained, site.headroom, !site.isAvailable(at: now))
      if status.closed, let opens = site.opens(after: now) { status.opens = opens.nanoseconds }
      status.drainedHosts = site.hosts.filter { $0.isDrained || drained.contains($0.name) }.map(\.name)
      status.windows = site.windows.map(Transhumance_V1_SiteWindow.init)
      let isOpen = site.isAvailable(at: now) && !site.isDrained
      status.openHosts =
        isOpen ? site.hosts.filter { !$0.isDrained && !isClosed($0.name, in: situation) }.map(\.name) : []
      var (capacity, used, room) = (SiteAmount(), SiteAmount(), SiteAmount())
      for host in site.hosts {
        let report = reports[host.name] ?? .init()
        let taken = SiteAmount(vcpus: report.vcpusUsed, memory: Double(report.memoryUsedBytes) / 0x1p30)
        capacity += SiteAmount(vcpus: host.vcpus, memory: host.memoryGiB ?? .infinity)
        used += taken
        // Headroom is no room for VMs.
        let usable = site.room(of: host)
        if status.openHosts.contains(host.name) {
          room += SiteAmount(vcpus: usable.vcpus, memory: usable.memoryGiB).less(taken)
        }
        status.vms += UInt32(clamping: report.vms.count { $0.state == "running" })
      }
      let quota = SiteAmount(vcpus: site.quota.vcpus ?? .infinity, memory: site.quota.memoryGiB ?? .infinity)
      status.capacity = capacity.message
      status.used = used.message
      status.room = room.within(quota.less(used)).message
      return status
    }
  }
}

/// vCPUs, and memory in 2³⁰ bytes; either may be infinite.
private struct SiteAmount {
  var vcpus = 0.0
  var memory = 0.0

  static func += (left: inout SiteAmount, right: SiteAmount) {
    left.vcpus += right.vcpus
    left.memory += right.memory
  }

  /// What is left, not below nothing.
  func less(_ other: SiteAmount) -> SiteAmount {
    SiteAmount(vcpus: max(0, vcpus - other.vcpus), memory: max(0, memory - other.memory))
  }

  func within(_ limit: SiteAmount) -> SiteAmount {
    SiteAmount(vcpus: min(vcpus, limit.vcpus), memory: min(memory, limit.memory))
  }

  var message: Transhumance_V1_SiteAmount {
    .with {
      $0.vcpus = vcpus
      if memory.isFinite { $0.memoryGib = memory }
    }
  }
}

extension Transhumance_V1_SitePrice {
  fileprivate init(_ price: Price) {
    self.init()
    (vm, vcpu, memoryGib) = (price.vmHour, price.vcpuHour, price.memoryGiBHour)
  }
}

extension Transhumance_V1_SiteQuota {
  fileprivate init(_ quota: Quota) {
    self.init()
    if let vcpus = quota.vcpus { self.vcpus = vcpus }
    if let memory = quota.memoryGiB { memoryGib = memory }
    if let hours = quota.vcpuHours { vcpuHours = hours }
    if let vms = quota.vms { self.vms = UInt32(clamping: vms) }
  }
}

extension Transhumance_V1_SiteWindow {
  fileprivate init(_ window: TimeWindow) {
    self.init()
    if let from = window.from { self.from = from.nanoseconds }
    if let until = window.until { self.until = until.nanoseconds }
  }
}
