internal import Model
internal import Planning

extension World {
  // MARK: - Room

  func take(_ host: Int, _ job: Int) {
    let vm = course.jobs[job].application.vms[0]
    vcpus[host] += vm.vcpus
    memory[host] += vm.memoryGiB
    guests[host] += 1
  }

  func leave(_ host: Int, _ job: Int, _ vm: Int) {
    let vm = course.jobs[job].application.vms[vm]
    vcpus[host] -= vm.vcpus
    memory[host] -= vm.memoryGiB
    guests[host] -= 1
    freed += 1
  }

  /// Whether a VM of an application can come to a host now.
  func hasRoom(_ host: Int, for job: Int) -> Bool {
    guard sites[hostSites[host]].isUp else { return false }
    let vm = course.jobs[job].application.vms[0]
    let fits = { (used: Double, limit: Double) in used <= limit + 1e-9 * abs(limit) }
    guard fits(vcpus[host] + vm.vcpus, hosts[host].vcpus) else { return false }
    return hosts[host].memoryGiB.map { fits(memory[host] + vm.memoryGiB, $0) } ?? true
  }

  /// Whether a VM more fits in the quota of a site.
  func isWithinQuota(_ site: Int, for job: Int) -> Bool {
    let quota = course.scenario.federation.sites[site].quota
    guard quota.vcpus != nil || quota.memoryGiB != nil else { return true }
    let vm = course.jobs[job].application.vms[0]
    let usedVCPUs = siteHosts[site].reduce(0) { $0 + vcpus[$1] }
    let usedMemory = siteHosts[site].reduce(0) { $0 + memory[$1] }
    return usedVCPUs + vm.vcpus <= (quota.vcpus ?? .infinity) * (1 + 1e-9)
      && usedMemory + vm.memoryGiB <= (quota.memoryGiB ?? .infinity) * (1 + 1e-9)
  }

  /// Whether all VMs of an application that isn't there yet fit at once.
  func hasRoom(for placement: [Int], of job: Int) -> Bool {
    var taken: [Int] = []
    defer { for (vm, host) in taken.enumerated() { leave(host, job, vm) } }
    for host in placement {
      guard hasRoom(host, for: job), isWithinQuota(hostSites[host], for: job) else { return false }
      take(host, job)
      taken.append(host)
    }
    return true
  }

  func hourly(_ site: Int, _ job: Int) -> Double {
    sites[site].price.perHour(of: course.jobs[job].application.vms[0])
  }

  /// Sites that are up, the cheapest for an application's VMs first.
  func sitesByPrice(for job: Int) -> [Int] {
    sites.indices.filter { sites[$0].isUp }.sorted { (hourly($0, job), $0) < (hourly($1, job), $1) }
  }

  /// The first host of a site with room.
  func room(at site: Int, for job: Int) -> Int? {
    isWithinQuota(site, for: job) ? siteHosts[site].first { hasRoom($0, for: job) } : nil
  }

  // MARK: - Coming and being lost

  /// Places an application that has arrived, where there is room for all of it.
  func start(_ job: Int) {
    if course.jobs[job].isService, time >= course.jobs[job].ends {
      // Its time is over before it found a place: it hasn't been.
      count(job)
      runs[job].state = .ended
      return
    }
    guard let placement = firstPlacement(of: job) else { return }
    count(job)
    runs[job].placement = placement
    runs[job].state = .running
    runs[job].history.append((time, placement))
    refresh(job)
  }

  /// Takes the room; nil where there is too little.
  private func firstPlacement(of job: Int) -> [Int]? {
    let pattern = course.jobs[job].pattern
    let names = course.scenario.federation.sites.map(\.name)
    let wanted = pattern.startsAt.compactMap { names.firstIndex(of: $0) }
    var taken: [Int] = []
    func give(_ host: Int?) -> Bool {
      guard let host, hasRoom(host, for: job), isWithinQuota(hostSites[host], for: job) else {
        for (vm, host) in taken.enumerated() { leave(host, job, vm) }
        return false
      }
      take(host, job)
      taken.append(host)
      return true
    }
    if wanted.isEmpty {
      guard let placement = policy.place(job, in: self), placement.count == pattern.vms else { return nil }
      for host in placement where !give(host) { return nil }
    } else {
      for vm in 0..<pattern.vms {
        let here = room(at: wanted[vm % wanted.count], for: job)
        guard give(here ?? wanted.lazy.compactMap({ self.room(at: $0, for: job) }).first) else { return nil }
      }
    }
    return taken
  }

  /// Starts what was lost with its site at the cheapest one with room; what finds none waits.
  func restart(_ job: Int) {
    guard runs[job].state == .running else {
      runs[job].stranded = []
      return
    }
    count(job)
    var isChanged = false
    for vm in runs[job].stranded.sorted() {
      guard let host = sitesByPrice(for: job).lazy.compactMap({ self.room(at: $0, for: job) }).first else { break }
      leave(runs[job].placement[vm], job, vm)
      take(host, job)
      runs[job].placement[vm] = host
      runs[job].stranded.remove(vm)
      runs[job].account.restarts += 1
      isChanged = true
    }
    guard isChanged else { return }
    runs[job].history.append((time, runs[job].placement))
    refresh(job)
  }

  /// What restarting takes, seconds of work.
  static let restartSeconds = 300.0

  // MARK: - Sites

  func apply(_ change: SiteChange) {
    for job in runs.indices where runs[job].state == .running { count(job) }
    sites[change.site].apply(change.kind)
    conditions += 1
    if change.kind == .close { strand(at: change.site) }
    for job in runs.indices where runs[job].state == .running {
      switch change.kind {
      case .price: refreshPrices(job)
      case .notice: break
      case .open: runs[job].stranded = runs[job].stranded.filter { hostSites[runs[job].placement[$0]] != change.site }
      default: break
      }
      switch change.kind {
      case .price, .notice: break
      case .close, .fail:
        if let step = runs[job].moves.current {
          let ends = [hostSites[step.host], hostSites[runs[job].placement[step.vm]]]
          if ends.contains(change.site) { abandonMoves(job, failed: true) }
        }
        refresh(job)
      default: refresh(job)
      }
    }
  }

  /// VMs at a site that has closed are lost; their application goes back to what it had saved.
  private func strand(at site: Int) {
    for job in runs.indices where runs[job].state == .running {
      let lost = runs[job].placement.indices.filter { hostSites[runs[job].placement[$0]] == site }
      guard !lost.isEmpty else { continue }
      runs[job].stranded.formUnion(lost)
      abandonMoves(job, failed: true)
      if course.jobs[job].isService {
        runs[job].account.seconds += Self.restartSeconds
      } else {
        runs[job].done = course.jobs[job].saved(of: runs[job].done) - Self.restartSeconds / runs[job].slowdown
      }
      refreshPrices(job)
      restart(job)
    }
  }
}
