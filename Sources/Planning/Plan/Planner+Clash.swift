import Model

extension Planner {
  /// What clashes in a question that has no answer, and in which part of it: if one VM, or the VMs of one constraint,
  /// fit nowhere by themselves, that is what a person wants to hear; else in the whole.
  package func clash(within seconds: Double, of limits: SearchLimits) -> (question: Planner, clash: Clash) {
    let elapsed = limits.start()
    if let clash = clashOfTotals() { return (self, clash) }
    let question = hopelessPart(within: seconds / 4, of: limits) ?? self
    return (question, question.wholeClash(limits) { seconds - elapsed() })
  }

  /// Where all VMs together take more than all hosts and quotas have.
  private func clashOfTotals() -> Clash? {
    clashOfTotals(\.vcpus, \.vcpus, \.quota.vcpus, Requirement.vcpus, Requirement.quotaVCPUs)
      ?? clashOfTotals(
        \.memoryGiB, { $0.memoryGiB ?? .infinity }, \.quota.memoryGiB, Requirement.memory, Requirement.quotaMemory)
  }

  private func clashOfTotals(
    _ taken: (VM) -> Double, _ given: (Host) -> Double, _ quota: (Site) -> Double?,
    _ hosts: (Range<Int>) -> Requirement, _ quotas: (Int) -> Requirement
  ) -> Clash? {
    let need = application.vms.reduce(0) { $0 + taken($1) }
    func suffices(_ federation: Federation) -> Bool {
      let total = federation.sites.reduce(0) { sum, site in
        sum + min(site.hosts.reduce(0) { $0 + given($1) }, site.hosts.isEmpty ? 0 : quota(site) ?? .infinity)
      }
      return !exceeds(need, total)
    }
    guard !suffices(federation) else { return nil }
    let sites = federation.sites.indices.filter { !federation.sites[$0].hosts.isEmpty }
    let all =
      sites.filter { quota(federation.sites[$0]) != nil }.map(quotas) + sites.map { hosts(instance.siteHosts[$0]) }
    return Clash(all, in: instance) { left in
      var (federation, application) = (federation, application)
      Requirement.relax(left, &federation, &application)
      return suffices(federation) ? .placement(nil) : .none
    }
  }

  private func wholeClash(_ limits: SearchLimits, _ secondsLeft: () -> Double) -> Clash {
    Clash(Requirement.all(of: application, in: instance), in: instance) { left in
      let rest = secondsLeft()
      guard rest > 0, let relaxed = without(left) else { return .unknown }
      return relaxed.answer(within: rest / 4, of: limits)
    }
  }

  private func answer(within seconds: Double, of limits: SearchLimits) -> Clash.Answer {
    var limits = limits
    limits.seconds = seconds
    let solution = PlacementSolver(limits: limits).solve(instance)
    return solution.placement.map(Clash.Answer.placement) ?? (solution.proven ? .none : .unknown)
  }

  /// The question with requirements left out; nil where that is none.
  package func without(_ left: some Sequence<Requirement>) -> Planner? {
    var (federation, application) = (federation, application)
    Requirement.relax(left, &federation, &application)
    return changed(federation, application, traffic)
  }

  private func changed(_ federation: Federation, _ application: Application, _ traffic: TrafficMatrix) -> Planner? {
    try? Planner(
      federation: federation, application: application, traffic: traffic, windowSeconds: windowSeconds, now: now,
      task: instance.task, ignoreUnknown: ignoreUnknown)
  }

  // MARK: - Parts

  /// The question of VMs for which there is no room whatever the others do: of a single one by a look at each host, of
  /// those of a small constraint by a search.
  private func hopelessPart(within seconds: Double, of limits: SearchLimits) -> Planner? {
    if let vm = instance.vms.indices.first(where: { !instance.fitsAlone($0) }) { return part([vm]) }
    let elapsed = limits.start()
    for vms in instance.together + instance.apart where vms.count <= Self.mostInPart {
      let rest = seconds - elapsed()
      guard rest > 0 else { return nil }
      if let part = part(vms), case .none = part.answer(within: rest, of: limits) { return part }
    }
    return nil
  }

  private static let mostInPart = 8

  /// The question of some VMs alone, with what doesn't depend on the run as a whole: rooms, quotas, constraints, closed
  /// sites. If it has no answer, the whole has none.
  private func part(_ vms: [Int]) -> Planner? {
    var (federation, application) = (federation, application)
    let names = Set(vms.map { application.vms[$0].name })
    application.vms = vms.map { application.vms[$0] }
    application.endpoints = []
    application.constraints = application.constraints.compactMap { $0.restricted(to: names) }
    (application.deadline, application.budget, application.objective) = (nil, nil, .cost)
    for site in federation.sites.indices {
      federation.sites[site].quota.vcpuHours = nil
      if let closes = instance.secondsUntilClosed[site], closes >= 0 { federation.sites[site].availableUntil = nil }
    }
    return changed(federation, application, TrafficMatrix(rows: [], hasWaits: traffic.hasWaits))
  }
}

extension PlacementInstance {
  /// Whether some host has room for a VM that is alone in the federation, on a site where it may be and to which it can
  /// be moved.
  func fitsAlone(_ vm: Int) -> Bool {
    let machine = vms[vm]
    return hosts.indices.contains { host in
      let site = hostSites[host]
      if exceeds(machine.vcpus, hosts[host].vcpus) || exceeds(machine.memoryGiB, hosts[host].memoryGiB ?? .infinity) {
        return false
      }
      let quota = sites[site].quota
      if exceeds(machine.vcpus, quota.vcpus ?? .infinity) || exceeds(machine.memoryGiB, quota.memoryGiB ?? .infinity) {
        return false
      }
      if !allowed[vm * sites.count + site] || (secondsUntilClosed[site] ?? 0) < 0 { return false }
      if case .failure = migration(of: vm, to: host) { return false }
      return true
    }
  }
}

extension Constraint {
  /// What it says of some VMs alone; nil where that is nothing.
  fileprivate func restricted(to names: Set<String>) -> Constraint? {
    switch self {
    case .pin(let vm, _), .ban(let vm, _): return names.contains(vm) ? self : nil
    case .together(let vms):
      let some = vms.filter(names.contains)
      return some.count > 1 ? .together(some) : nil
    case .apart(let vms):
      let some = vms.filter(names.contains)
      return some.count > 1 ? .apart(some) : nil
    }
  }
}
