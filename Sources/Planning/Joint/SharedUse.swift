import Model

/// What applications use of hosts and sites.
struct SharedUse {
  struct Amount {
    var vcpus = 0.0
    var memoryGiB = 0.0
    var vms = 0
    var vcpuHours = 0.0

    static func += (left: inout Amount, right: Amount) {
      left.vcpus += right.vcpus
      left.memoryGiB += right.memoryGiB
      left.vms += right.vms
      left.vcpuHours += right.vcpuHours
    }
  }

  private(set) var hosts: [String: Amount] = [:]
  private(set) var sites: [String: Amount] = [:]
  private(set) var total = Amount()

  /// - Parameters:
  ///   - placement: host of each VM; those without one use nothing.
  ///   - hours: how long they will be there.
  mutating func add(_ vms: [VM], at placement: [String: String], hours: Double, sitesOfHosts: [String: String]) {
    for vm in vms {
      guard let host = placement[vm.name], let site = sitesOfHosts[host] else { continue }
      let amount = Amount(vcpus: vm.vcpus, memoryGiB: vm.memoryGiB, vms: 1, vcpuHours: vm.vcpus * hours)
      hosts[host, default: Amount()] += amount
      sites[site, default: Amount()] += amount
      total += amount
    }
  }
}

extension Federation {
  /// What is left beside others; hosts that they keep in use take no more power for one VM more.
  func beside(_ others: SharedUse) -> Federation {
    var left = self
    for site in left.sites.indices {
      let used = others.sites[left.sites[site].name] ?? SharedUse.Amount()
      if used.vms == 0 { continue }
      let quota = left.sites[site].quota
      left.sites[site].quota = Quota(
        vcpus: quota.vcpus.map { max(0, $0 - used.vcpus) },
        memoryGiB: quota.memoryGiB.map { max(0, $0 - used.memoryGiB) },
        vcpuHours: quota.vcpuHours.map { max(0, $0 - used.vcpuHours) }, vms: quota.vms.map { max(0, $0 - used.vms) })
      for index in left.sites[site].hosts.indices {
        var host = left.sites[site].hosts[index]
        guard let used = others.hosts[host.name] else { continue }
        // Headroom is of the whole host.
        let room = sites[site].room(of: host)
        (host.vcpus, host.headroom) = (max(0, room.vcpus - used.vcpus), 0)
        host.memoryGiB = host.memoryGiB.map { _ in max(0, room.memoryGiB - used.memoryGiB) }
        host.watts = 0
        left.sites[site].hosts[index] = host
      }
    }
    return left
  }

  /// With no more at each site than a part of it, or what is there now.
  ///
  /// - Parameters:
  ///   - whole: the federation without anybody.
  ///   - own: what the owner's other applications use.
  ///   - present: what the application itself has now.
  func capped(to part: Double, of whole: Federation, beside own: SharedUse, keeping present: SharedUse) -> Federation {
    var capped = self
    for site in capped.sites.indices {
      let name = capped.sites[site].name
      let room = whole.sites[site].sharedRoom
      let (used, kept) = (own.sites[name] ?? SharedUse.Amount(), present.sites[name] ?? SharedUse.Amount())
      let vcpus = max(kept.vcpus, room.vcpus * part - used.vcpus)
      let memory = max(kept.memoryGiB, room.memoryGiB * part - used.memoryGiB)
      let quota = capped.sites[site].quota
      capped.sites[site].quota.vcpus = min(quota.vcpus ?? .infinity, vcpus)
      if memory < .infinity { capped.sites[site].quota.memoryGiB = min(quota.memoryGiB ?? .infinity, memory) }
    }
    return capped
  }
}
