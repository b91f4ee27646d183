internal import Model
internal import Planning

/// What a run time depends on, beside the placement.
struct InstanceKey: Hashable {
  var job: Int
  var phase: Int
  var speeds: [Double?]
}

extension World {
  /// The data that a decision stands on, seconds.
  static let window = 30.0

  // MARK: - The truth

  /// The formulas of a run on speed 1.0 that never waits, at the speeds that hosts have now.
  func truth(of job: Int, phase: Int) -> PlacementInstance {
    let key = InstanceKey(job: job, phase: phase, speeds: sites.map(\.speed))
    if let known = instances[key] { return known }
    let instance = Self.truth(of: course, job: job, phase: phase, sites: sites)
    if instances.count > 4096 { instances = [:] }
    instances[key] = instance
    return instance
  }

  static func truth(of course: Course, job: Int, phase: Int, sites: [SiteState]) -> PlacementInstance {
    do {
      return try question(of: course, job: job, phase: phase, sites: sites)
    } catch {
      preconditionFailure("\(error): Comparison.check tells of that")
    }
  }

  static func question(
    of course: Course, job: Int, phase: Int, sites: [SiteState]
  ) throws(PlacementError) -> PlacementInstance {
    var federation = course.scenario.federation
    for site in federation.sites.indices {
      federation.sites[site].availableUntil = nil
      federation.sites[site].quota = Quota()
      federation.sites[site].price = sites[site].price
      guard let speed = sites[site].speed else { continue }
      for host in federation.sites[site].hosts.indices { federation.sites[site].hosts[host].speed = speed }
    }
    let description = course.jobs[job]
    var application = description.application
    application.remainingHours = description.work.map { $0 / 3600 }
    return try PlacementInstance(
      federation: federation, application: application,
      traffic: description.matrix(phase: phase, slowdown: 1, window: window), windowSeconds: window,
      now: course.scenario.start, task: .place)
  }

  // MARK: - What a policy may see

  /// Sites as the application may use them now: without what others take or are going to, and without what isn't up; of
  /// a large federation the hosts with most room.
  func federation(for job: Int) -> Federation {
    var federation = course.scenario.federation
    let own = runs[job].placement
    var ownVCPUs: [Int: Double] = [:]
    for (vm, host) in own.enumerated() { ownVCPUs[host, default: 0] += course.jobs[job].application.vms[vm].vcpus }
    let memoryPerVCPU = course.jobs[job].application.vms[0].memoryGiB / course.jobs[job].application.vms[0].vcpus
    let all = course.jobs[job].application.vms.reduce(0) { $0 + $1.vcpus }
    for site in federation.sites.indices {
      let state = sites[site]
      federation.sites[site].price = state.price
      // A window, so that VMs may be there until it closes, with their next move in the plan.
      federation.sites[site].availableUntil = nil
      federation.sites[site].windows = state.closes.map { [TimeWindow(until: course.instant($0))] } ?? []
      let first = siteHosts[site].lowerBound
      var taken = (vcpus: 0.0, memory: 0.0)
      for index in federation.sites[site].hosts.indices {
        let host = first + index
        let here = ownVCPUs[host] ?? 0
        let others = (
          vcpus: vcpus[host] + coming.vcpus[host] - here,
          memory: memory[host] + coming.memory[host] - here * memoryPerVCPU
        )
        taken = (taken.vcpus + others.vcpus, taken.memory + others.memory)
        var changed = federation.sites[site].hosts[index]
        changed.vcpus = state.isUp ? max(0, changed.vcpus - others.vcpus) : 0
        changed.memoryGiB = changed.memoryGiB.map { max(0, $0 - others.memory) }
        if let speed = state.speed { changed.speed = speed }
        federation.sites[site].hosts[index] = changed
      }
      let quota = federation.sites[site].quota
      federation.sites[site].quota.vcpus = quota.vcpus.map { max(0, $0 - taken.vcpus) }
      federation.sites[site].quota.memoryGiB = quota.memoryGiB.map { max(0, $0 - taken.memory) }
      guard hosts.count > Self.mostHosts else { continue }
      // Hosts of a site that are alike are interchangeable: some more than the application can fill are enough.
      let vm = course.jobs[job].application.vms[0]
      var room = 0.0
      let order = federation.sites[site].hosts.indices.sorted {
        (federation.sites[site].hosts[$1].vcpus, $0) < (federation.sites[site].hosts[$0].vcpus, $1)
      }
      var kept = Set(siteHosts[site].filter { ownVCPUs[$0] != nil }.map { $0 - first })
      for index in order {
        if room >= 1.2 * all { break }
        let host = federation.sites[site].hosts[index]
        guard host.vcpus >= vm.vcpus else { break }
        if kept.insert(index).inserted { room += host.vcpus }
      }
      federation.sites[site].hosts = federation.sites[site].hosts.indices.filter(kept.contains)
        .map { federation.sites[site].hosts[$0] }
    }
    return federation
  }

  /// Beyond, a decision looks at some of the hosts.
  static let mostHosts = 48

  /// The question of `transhumance plan` (`place`, for one that has no place yet), as the loop would put it.
  func planner(for job: Int) -> Planner? {
    let description = course.jobs[job]
    var application = description.application
    let isPlaced = runs[job].state == .running
    let slowdown = isPlaced && !description.isService ? runs[job].slowdown : 1
    if isPlaced {
      for vm in application.vms.indices {
        let host = hosts[runs[job].placement[vm]]
        application.vms[vm].host = host.name
        let speed = sites[hostSites[runs[job].placement[vm]]].speed ?? host.speed
        application.vms[vm].cpu = min(1, application.vms[vm].cpu / speed / slowdown)
      }
    }
    application.remainingHours = description.work.map { max(1e-6, ($0 - runs[job].done) * slowdown / 3600) }
    var planner = try? Planner(
      federation: federation(for: job), application: application,
      traffic: description.matrix(
        phase: isPlaced ? runs[job].phase : 0, slowdown: slowdown, window: Self.window),
      windowSeconds: Self.window, now: course.instant(time), task: isPlaced ? .move : .place)
    planner?.moveLimits.isOverlapSought = false
    return planner
  }

  /// Deterministic: bounded by steps, on one thread.
  func limits(for job: Int) -> SearchLimits {
    let count = course.jobs[job].count
    return SearchLimits(
      seconds: .infinity, steps: max(20_000, min(100_000, 4000 * count)), seed: course.seed, workers: 1)
  }
}
