import Model

/// What one move of a plan is for, found from the VM's own terms; where they don't tell, from the room that it makes.
struct MoveReason {
  private let instance: PlacementInstance
  private let before: PlacementEvaluation
  private let after: PlacementEvaluation
  private let geometry: PlacementGeometry
  /// What a run as long as the present one costs where the VMs go: so much is a slowdown of 1 of one VM worth.
  private let moneyPerSlowdown: Double

  init(_ instance: PlacementInstance, before: PlacementEvaluation, after: PlacementEvaluation) {
    (self.instance, self.before, self.after) = (instance, before, after)
    geometry = PlacementGeometry(instance)
    let hourly = after.placement.indices.reduce(0) {
      $0 + instance.price(of: $1, at: instance.site(of: $1, in: after.placement))
    }
    // One VM's slowdown is that of a coupled application, at worst; of an independent one its share of the mean.
    let share = instance.coupling == .coupled ? 1 : 1 / Double(max(1, instance.vms.count))
    moneyPerSlowdown = instance.isService ? 0 : share * hourly * instance.remainingSeconds / 3600
  }

  /// Why `vm` moves.
  func words(for vm: Int) -> String {
    mending(vm) ?? saving(vm) ?? room(vm) ?? "part of a placement that is better as a whole"
  }

  private func name(_ vm: Int) -> String { instance.vms[vm].name }
  private func siteName(_ vm: Int, _ evaluation: PlacementEvaluation) -> String {
    instance.sites[instance.site(of: vm, in: evaluation.placement)].name
  }

  /// A broken constraint that speaks of this VM, or of its host or site.
  private func mending(_ vm: Int) -> String? {
    let host = instance.hosts[before.placement[vm]].name
    return before.violations.first { $0.concerns(vm: name(vm), host: host, site: siteName(vm, before)) }
      .map { "mends \($0)" }
  }

  // MARK: - The VM's own terms

  /// What gains most among the VM's own terms: of those in the unit of the objective, else of those in money.
  private func saving(_ vm: Int) -> String? {
    let time = [waits(vm), cores(vm)]
    let money = [hosting(vm), egress(vm)]
    let tiers =
      switch instance.objective {
      case .cost: [money + time]
      case .time: [time, money]
      case .resources: [[emptied(vm)], time, money]
      }
    return tiers.lazy.compactMap { parts in
      parts.filter { $0.gain > 1e-12 }.max { $0.gain < $1.gain }?.words
    }.first
  }

  private typealias Part = (gain: Double, words: String)

  /// Time counts, for the objective `cost`, by what it costs.
  private func weighed(_ slowdown: Double) -> Double {
    instance.objective == .cost ? slowdown * moneyPerSlowdown : slowdown
  }

  private func hosting(_ vm: Int) -> Part {
    let old = instance.price(of: vm, at: instance.site(of: vm, in: before.placement))
    let new = instance.price(of: vm, at: instance.site(of: vm, in: after.placement))
    return (
      (old - new) * before.chargedSeconds / 3600,
      "hosting at \(siteName(vm, after)) costs \(Words.number(new)) instead of \(Words.number(old)) per hour"
    )
  }

  private func egress(_ vm: Int) -> Part {
    let (old, new) = (egressCost(vm, before.placement), egressCost(vm, after.placement))
    return (
      old - new,
      "at \(siteName(vm, after)) its data pays \(Words.number(new)) instead of \(Words.number(old)) for leaving sites"
        + partners(vm)
    )
  }

  private func egressCost(_ vm: Int, _ placement: [Int]) -> Double {
    let (traffic, between) = (instance.traffic, instance.between)
    let here = instance.site(of: vm, in: placement)
    return traffic.entries(of: vm).reduce(0) { sum, entry in
      let there = geometry.site(of: traffic.peers[entry], in: placement)
      let out = traffic.bytesOut[entry] * between.egress[between.index(from: here, to: there)]
      let back = traffic.bytesIn[entry] * between.egress[between.index(from: there, to: here)]
      return sum + (out + back) * instance.remainingSeconds
    }
  }

  private func waits(_ vm: Int) -> Part {
    let (old, new) = (before.slowdowns[vm], after.slowdowns[vm])
    let (messages, links) = (old.waitFactor * (old.wait - new.wait), old.waitFactor * (old.link - new.link))
    // Only what gets less, so that the figures are of what is named.
    let (from, to, what) =
      if messages > 0, links > 0 {
        (old.wait + old.link, new.wait + new.link, "messages and links")
      } else if messages > 0 { (old.wait, new.wait, "messages") } else { (old.link, new.link, "links") }
    return (
      weighed(messages + links),
      "waits for \(what) at \(siteName(vm, after)) take \(Words.percent(new.waitFactor * to)) of the present time "
        + "instead of \(Words.percent(old.waitFactor * from))" + partners(vm)
    )
  }

  private func cores(_ vm: Int) -> Part {
    let hosts = [before, after].map { instance.hosts[$0.placement[vm]] }
    return (
      weighed(before.slowdowns[vm].compute - after.slowdowns[vm].compute),
      "\(hosts[1].name)'s cores run at \(Words.number(hosts[1].speed)) instead of \(Words.number(hosts[0].speed))"
    )
  }

  private func emptied(_ vm: Int) -> Part {
    let host = before.placement[vm]
    let watts = instance.hosts[host].watts
    return (
      after.hostUse[host].vms == 0 ? watts : 0,
      "leaves \(instance.hosts[host].name) without VMs, which saves \(Words.number(watts)) W"
    )
  }

  /// `, with vm1 and vm2`: the machines it talks to that are on its site now and weren't.
  private func partners(_ vm: Int) -> String {
    let joined = instance.traffic.entries(of: vm).map { instance.traffic.peers[$0] }.filter { peer in
      geometry.site(of: peer, in: after.placement) == instance.site(of: vm, in: after.placement)
        && geometry.site(of: peer, in: before.placement) != instance.site(of: vm, in: before.placement)
    }
    let count = instance.vms.count
    let names = joined.map { $0 < count ? name($0) : instance.endpoints[$0 - count].name }
    return names.isEmpty ? "" : ", beside \(Words.list(names))"
  }

  // MARK: - Room for others

  /// The VMs that come to the place it leaves, where they wouldn't fit beside it.
  private func room(_ vm: Int) -> String? {
    let host = before.placement[vm]
    let coming = after.moves.filter { $0.to == host }.map(\.vm)
    guard !coming.isEmpty else { return nil }
    let use = after.hostUse[host]
    let (limit, machine) = (instance.rooms[host], instance.vms[vm])
    let tight =
      exceeds(use.vcpus + machine.vcpus, limit.vcpus) || exceeds(use.memoryGiB + machine.memoryGiB, limit.memoryGiB)
      || instance.apart.contains { $0.contains(vm) && coming.contains(where: $0.contains) }
    return tight ? "makes room on \(instance.hosts[host].name) for \(Words.list(coming.map(name)))" : nil
  }
}

extension PlacementViolation {
  /// Whether it speaks of this VM, its host or its site.
  func concerns(vm: String, host: String, site: String) -> Bool {
    switch self {
    case .hostVCPUs(let other, _, _), .hostMemory(let other, _, _), .headroomVCPUs(let other, _, _),
      .headroomMemory(let other, _, _), .drained(let other, _):
      other == host
    case .quotaVCPUs(let other, _, _), .quotaMemory(let other, _, _), .quotaVCPUHours(let other, _, _),
      .quotaVMs(let other, _, _), .window(let other, _, _), .notOpen(let other, _):
      other == site
    case .pin(let other, _, _), .ban(let other, _), .notMovable(let other, _, _, _), .residency(let other, _, _),
      .incompatible(let other, _, _):
      other == vm
    case .together(let vms, _), .apart(let vms, _), .spread(let vms, _, _): vms.contains(vm)
    case .deadline, .budget, .slowdownLimit: false
    }
  }
}
