import Model

/// Where VMs are while moves are made one by one, what room hosts and quotas have then, and what is still to come.
struct MoveRooms {
  private let instance: PlacementInstance
  private let present: [Int]
  let placement: [Int]
  /// Host of each VM at this step.
  private(set) var hosts: [Int]
  /// What VMs take now, and what those that are still to arrive will, per host and per site (those that come from
  /// another).
  private var onHost: [Use]
  private var onSite: [Use]
  private var toHost: [Use]
  private var toSite: [Use]
  /// Per VM the sets of VMs from which it is to be apart.
  private var apart: [Int: [[Int]]] = [:]

  private struct Use {
    var vcpus = 0.0
    var memoryGiB = 0.0

    static func + (left: Use, right: Use) -> Use {
      Use(vcpus: left.vcpus + right.vcpus, memoryGiB: left.memoryGiB + right.memoryGiB)
    }

    static func - (left: Use, right: Use) -> Use {
      Use(vcpus: left.vcpus - right.vcpus, memoryGiB: left.memoryGiB - right.memoryGiB)
    }
  }

  init(moving: [Int], from present: [Int], to placement: [Int], in instance: PlacementInstance) {
    self.instance = instance
    (self.present, self.placement, hosts) = (present, placement, present)
    onHost = Array(repeating: Use(), count: instance.hosts.count)
    toHost = onHost
    onSite = Array(repeating: Use(), count: instance.sites.count)
    toSite = onSite
    for vm in present.indices {
      onHost[present[vm]] = onHost[present[vm]] + use(of: vm)
      onSite[instance.hostSites[present[vm]]] = onSite[instance.hostSites[present[vm]]] + use(of: vm)
    }
    for vm in moving { expect(vm) }
    let wanted = Set(moving)
    for set in instance.apart {
      for vm in set where wanted.contains(vm) { apart[vm, default: []].append(set) }
    }
  }

  private func use(of vm: Int) -> Use {
    Use(vcpus: instance.vms[vm].vcpus, memoryGiB: instance.vms[vm].memoryGiB)
  }

  private func site(_ host: Int) -> Int { instance.hostSites[host] }

  private func changesSite(_ vm: Int) -> Bool { site(present[vm]) != site(placement[vm]) }

  private mutating func expect(_ vm: Int) {
    toHost[placement[vm]] = toHost[placement[vm]] + use(of: vm)
    if changesSite(vm) { toSite[site(placement[vm])] = toSite[site(placement[vm])] + use(of: vm) }
  }

  mutating func make(_ vm: Int) {
    let (from, to, use) = (present[vm], placement[vm], use(of: vm))
    hosts[vm] = to
    onHost[from] = onHost[from] - use
    onHost[to] = onHost[to] + use
    toHost[to] = toHost[to] - use
    guard changesSite(vm) else { return }
    onSite[site(from)] = onSite[site(from)] - use
    onSite[site(to)] = onSite[site(to)] + use
    toSite[site(to)] = toSite[site(to)] - use
  }

  mutating func undo(_ vm: Int) {
    let (from, to, use) = (present[vm], placement[vm], use(of: vm))
    hosts[vm] = from
    onHost[from] = onHost[from] + use
    onHost[to] = onHost[to] - use
    if changesSite(vm) {
      onSite[site(from)] = onSite[site(from)] + use
      onSite[site(to)] = onSite[site(to)] - use
    }
    expect(vm)
  }

  /// Whether a VM's move fits now.
  func fits(_ vm: Int) -> Bool {
    lack(vm, arriving: use(of: vm), entering: use(of: vm)) == nil && mate(of: vm) == nil
  }

  /// Whether it would, had all others that are still to come arrived before.
  func isSafe(_ vm: Int) -> Bool {
    lack(vm, arriving: toHost[placement[vm]], entering: toSite[site(placement[vm])]) == nil && mate(of: vm) == nil
  }

  /// A VM on the target from which this one is to be apart.
  private func mate(of vm: Int) -> Int? {
    apart[vm]?.lazy.joined().first { $0 != vm && hosts[$0] == placement[vm] }
  }

  /// What is short at a VM's target.
  private enum Lack {
    case hostVCPUs(free: Double)
    case hostMemory(free: Double)
    case quotaVCPUs(free: Double)
    case quotaMemory(free: Double)
  }

  private func lack(_ vm: Int, arriving: Use, entering: Use) -> Lack? {
    let host = instance.hosts[placement[vm]]
    let onHost = onHost[placement[vm]]
    if exceeds(onHost.vcpus + arriving.vcpus, host.vcpus) { return .hostVCPUs(free: host.vcpus - onHost.vcpus) }
    if let limit = host.memoryGiB, exceeds(onHost.memoryGiB + arriving.memoryGiB, limit) {
      return .hostMemory(free: limit - onHost.memoryGiB)
    }
    guard changesSite(vm) else { return nil }
    let quota = instance.sites[site(placement[vm])].quota
    let onSite = onSite[site(placement[vm])]
    if let limit = quota.vcpus, exceeds(onSite.vcpus + entering.vcpus, limit) {
      return .quotaVCPUs(free: limit - onSite.vcpus)
    }
    if let limit = quota.memoryGiB, exceeds(onSite.memoryGiB + entering.memoryGiB, limit) {
      return .quotaMemory(free: limit - onSite.memoryGiB)
    }
    return nil
  }

  /// What a VM's move lacks now, in words; nil where it fits.
  func obstacle(_ vm: Int, waitingFor others: [Int]) -> String? {
    let name = instance.vms[vm].name
    let host = instance.hosts[placement[vm]].name
    let siteIndex = site(placement[vm])
    if let mate = mate(of: vm) {
      return "\(name) is to be apart from \(instance.vms[mate].name), which is on \(host)"
    }
    guard let lack = lack(vm, arriving: use(of: vm), entering: use(of: vm)) else { return nil }
    let need: String
    let leaving: [Int]
    switch lack {
    case .hostVCPUs(let free):
      need = "\(Words.vcpus(instance.vms[vm].vcpus)) on \(host), which has \(Words.number(max(0, free))) free"
      leaving = others.filter { present[$0] == placement[vm] }
    case .hostMemory(let free):
      need = "\(Words.number(instance.vms[vm].memoryGiB)) GiB on \(host), which has \(Words.number(max(0, free))) free"
      leaving = others.filter { present[$0] == placement[vm] }
    case .quotaVCPUs(let free):
      need =
        "\(Words.vcpus(instance.vms[vm].vcpus)) of the quota of \(instance.sites[siteIndex].name), "
        + "which has \(Words.number(max(0, free))) left"
      leaving = others.filter { site(present[$0]) == siteIndex && changesSite($0) }
    case .quotaMemory(let free):
      need =
        "\(Words.number(instance.vms[vm].memoryGiB)) GiB of the quota of \(instance.sites[siteIndex].name), "
        + "which has \(Words.number(max(0, free))) left"
      leaving = others.filter { site(present[$0]) == siteIndex && changesSite($0) }
    }
    let until = leaving.isEmpty ? "" : " until \(Words.list(leaving.map { instance.vms[$0].name }, and: "or")) has left"
    return "\(name) needs \(need)\(until)"
  }
}
