import Model

extension Clash {
  /// The requirements in words, with names and figures; what makes up one thing for a reader in one sentence.
  func words(_ application: Application, at now: Timestamp, in instance: PlacementInstance) -> [String] {
    if instance.hosts.isEmpty { return ["the federation has no hosts"] }
    var words: [String] = []
    var said = Set<Requirement>()
    for requirement in requirements where !said.contains(requirement) {
      let whole = whole(of: requirement, instance)
      said.formUnion([requirement] + requirements.filter(whole.covers))
      words.append(whole.words(application, at: now, in: instance) + witness(of: whole))
    }
    return words
  }

  /// All hosts of a site as one, where all of them clash; all hosts, where they have too little for all VMs.
  private func whole(of requirement: Requirement, _ instance: PlacementInstance) -> Requirement {
    let some: Range<Int>
    let isTooLittle: Bool
    let need = instance.vms.reduce((vcpus: 0.0, memory: 0.0)) { ($0.vcpus + $1.vcpus, $0.memory + $1.memoryGiB) }
    switch requirement {
    case .vcpus(let hosts):
      (some, isTooLittle) = (hosts, exceeds(need.vcpus, instance.hosts.reduce(0) { $0 + $1.vcpus }))
    case .memory(let hosts):
      let total = instance.hosts.reduce(0) { $0 + ($1.memoryGiB ?? .infinity) }
      (some, isTooLittle) = (hosts, exceeds(need.memory, total))
    default: return requirement
    }
    let site = instance.siteHosts[instance.hostSites[some.lowerBound]]
    for range in isTooLittle ? [instance.hosts.indices, site] : [site] {
      let whole = requirement.of(hosts: range)
      if requirements.filter(whole.covers).reduce(0, { $0 + $1.refined.count }) == range.count { return whole }
    }
    return requirement
  }

  /// Of a figure that a placement can miss: what it is where it was left out.
  private func witness(of requirement: Requirement) -> String {
    guard let violations = witnesses[requirement] else { return "" }
    for violation in violations {
      switch (requirement, violation) {
      case (.deadline, .deadline(let seconds, _)):
        return "; without that the run ends in \(Words.duration(seconds))"
      case (.window, .window(_, _, let seconds)): return "; needed are \(Words.duration(seconds))"
      case (.budget, .budget(let cost, _)): return "; without that the cost is \(Words.number(cost))"
      case (.slowdownLimit, .slowdownLimit(let slowdown, _)):
        return "; without that the run takes \(Words.number(slowdown)) times as long"
      case (.quotaVCPUHours, .quotaVCPUHours(_, let used, _)):
        return "; without that \(Words.number(used)) are used"
      default: continue
      }
    }
    return ""
  }
}

extension Requirement {
  func words(_ application: Application, at now: Timestamp, in instance: PlacementInstance) -> String {
    let sites = instance.sites
    switch self {
    case .rule(let index):
      if case .apart(let vms) = application.constraints[index], Set(vms).count > instance.hosts.count {
        return "\(application.constraints[index].words); there are \(Words.count(instance.hosts.count, "host"))"
      }
      return application.constraints[index].words
    case .deadline:
      guard let deadline = application.deadline else { return "deadline" }
      return "deadline \(deadline), \(Words.fromNow(now.seconds(until: deadline)))"
    case .budget: return "budget \(Words.number(application.budget ?? 0))"
    case .slowdownLimit:
      return "slowdownLimit \(Words.number(application.slowdownLimit)) of the objective resources"
    case .window(let site): return Self.window(sites[site], at: now)
    case .quotaVMs(let site):
      return "the quota of \(sites[site].name) is \(Words.count(sites[site].quota.vms ?? 0, "VM"))"
    case .headroom(let site): return Self.headroom(site, instance)
    case .drainedSite(let site): return "\(sites[site].name) is to be left (drain)"
    case .drained(let hosts):
      let drained = hosts.filter { instance.hosts[$0].isDrained }.map { instance.hosts[$0].name }
      return "\(drained.count == 1 ? "host" : "hosts") \(Words.list(drained)) \(drained.count == 1 ? "is" : "are") to "
        + "be left (drain)"
    case .compatible(let hosts): return Self.incompatible(hosts, instance)
    case .quotaVCPUs(let site):
      return "the quota of \(sites[site].name) is \(Words.vcpus(sites[site].quota.vcpus ?? 0)); "
        + Self.needs(instance, vcpus: true)
    case .quotaMemory(let site):
      return "the quota of \(sites[site].name) is \(Words.number(sites[site].quota.memoryGiB ?? 0)) GiB of memory; "
        + Self.needs(instance, vcpus: false)
    case .quotaVCPUHours(let site):
      return "the quota of \(sites[site].name) is \(Words.number(sites[site].quota.vcpuHours ?? 0)) vCPU-hours"
    case .vcpus(let hosts):
      return Self.hosts(hosts, "vCPUs", instance) { $0.vcpus } + "; " + Self.needs(instance, vcpus: true)
    case .memory(let hosts):
      return Self.hosts(hosts, "GiB of memory", instance) { $0.memoryGiB ?? .infinity } + "; "
        + Self.needs(instance, vcpus: false)
    case .movable(let vm): return Self.immovable(vm, instance)
    }
  }

  private static func window(_ site: Site, at now: Timestamp) -> String {
    let fromNow = { (instant: Timestamp) in "\(instant), \(Words.fromNow(now.seconds(until: instant)))" }
    if !site.isAvailable(at: now), let opens = site.opens(after: now) {
      return "\(site.name) isn't available before \(fromNow(opens))"
    }
    guard let end = site.closes(asOf: now) else { return "window of \(site.name)" }
    return "\(site.name) is available until \(fromNow(end))"
  }

  private static func headroom(_ site: Int, _ instance: PlacementInstance) -> String {
    let shares = Set(instance.siteHosts[site].map { instance.hosts[$0].headroom ?? instance.sites[site].headroom })
    let least = Words.percent(shares.min() ?? 0)
    let range = shares.count == 1 ? least : "\(least) to \(Words.percent(shares.max() ?? 0))"
    return "\(range) of each host of \(instance.sites[site].name) are to stay free (headroom)"
  }

  /// `b1 can't run x: a guest of …`.
  private static func incompatible(_ hosts: Range<Int>, _ instance: PlacementInstance) -> String {
    var vms: [String] = []
    var names: [String] = []
    var reason = ""
    for host in hosts {
      let here = instance.vms.indices.compactMap { vm in instance.incompatibility(of: vm, on: host).map { (vm, $0) } }
      guard let (_, obstacle) = here.first else { continue }
      names.append(instance.hosts[host].name)
      vms += here.map { instance.vms[$0.0].name }.filter { !vms.contains($0) }
      reason = "\(obstacle)"
    }
    return "\(Words.list(names)) can't run \(Words.list(vms)): \(reason)"
  }

  /// `host h1 has 4 vCPUs`, `hosts h1 and h2 have 4 and 8 vCPUs (12 in all)`, `the 30 hosts of rennes have 240 vCPUs in
  /// all`.
  private static func hosts(
    _ hosts: Range<Int>, _ unit: String, _ instance: PlacementInstance, _ amount: (Host) -> Double
  ) -> String {
    let amounts = hosts.map { amount(instance.hosts[$0]) }
    let names = hosts.map { instance.hosts[$0].name }
    let total = Words.number(amounts.reduce(0, +))
    switch hosts.count {
    case 1: return "host \(names[0]) has \(total) \(unit)"
    case 2...mostListed:
      return "hosts \(Words.list(names)) have \(Words.list(amounts.map(Words.number))) \(unit) (\(total) in all)"
    default:
      let site = instance.sites[instance.hostSites[hosts.lowerBound]].name
      let which = hosts == instance.hosts.indices ? "all \(hosts.count) hosts" : "the \(hosts.count) hosts of \(site)"
      return "\(which) have \(total) \(unit) in all"
    }
  }

  /// `x takes 3`, `the VMs take 3, 3 and 2 (8 in all)`, `the 50 VMs take 120 in all, the largest (vm3) 4`.
  private static func needs(_ instance: PlacementInstance, vcpus: Bool) -> String {
    let amounts = instance.vms.map { vcpus ? $0.vcpus : $0.memoryGiB }
    let total = Words.number(amounts.reduce(0, +))
    guard let largest = amounts.max(), let index = amounts.firstIndex(of: largest) else { return "there are no VMs" }
    switch amounts.count {
    case 1: return "\(instance.vms[0].name) takes \(total)"
    case 2...mostListed: return "the VMs take \(Words.list(amounts.map(Words.number))) (\(total) in all)"
    default:
      return "the \(amounts.count) VMs take \(total) in all, the largest (\(instance.vms[index].name)) "
        + Words.number(largest)
    }
  }

  private static let mostListed = 5

  /// `vm3 can't be moved from h1 to h2 and h3: it dirties …; it takes 2 vCPUs and 4 GiB`.
  private static func immovable(_ vm: Int, _ instance: PlacementInstance) -> String {
    var hosts: [String] = []
    var reason = ""
    for host in instance.hosts.indices {
      guard case .failure(let obstacle) = instance.migration(of: vm, to: host) else { continue }
      hosts.append(instance.hosts[host].name)
      reason = "\(obstacle)"
    }
    let machine = instance.vms[vm]
    let route = "from \(machine.host ?? "its host") to \(Words.list(hosts, and: "or"))"
    return "\(machine.name) can't be moved \(route): \(reason); it takes \(Words.vcpus(machine.vcpus)) and "
      + "\(Words.number(machine.memoryGiB)) GiB"
  }
}

extension Constraint {
  /// As an operator says it: `pin vm1 to rennes or lyon`.
  var words: String {
    switch self {
    case .pin(let vm, let sites): "pin \(vm) to \(Words.list(sites, and: "or"))"
    case .ban(let vm, let sites): "ban \(vm) from \(Words.list(sites))"
    case .together(let vms): "together \(Words.list(vms))"
    case .apart(let vms): "apart \(Words.list(vms))"
    case .spread(let vms, let most): "spread \(Words.list(vms)), no more than \(most) per site"
    case .residency(let vms, let jurisdictions):
      "residency of \(Words.list(vms)) in \(Words.list(jurisdictions, and: "or"))"
    }
  }
}
