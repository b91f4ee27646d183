internal import Model
internal import Planning

/// The strategy of the report of 2010: its communication groups, and what it weighs for each of them, at once and
/// without memory.
///
/// 1. A group that spans networks comes together at the cheapest site that has room for all of it;
/// 2. unless the hosts there are weaker and the latency is negligible (below 1 ms);
/// 3. a cheaper site takes a group that is on one, unless it closes before the application ends,
/// 4. or its hosts are weaker, so that the longer run makes it dearer.
///
/// What moves cost, and what an application pays for data, it doesn't ask.
final class ReportPolicy: Policy {
  private var keys: [Int: [Int]] = [:]
  static let negligibleSeconds = 1e-3

  func place(_ job: Int, in world: World) -> [Int]? { world.plannedPlace(of: job) }

  func ended(_ job: Int, failed: Bool, seconds: Double, in world: World) { keys[job] = nil }

  func decide(_ job: Int, in world: World) -> [Step] {
    let key = [world.runs[job].version, world.conditions, world.freed]
    guard keys[job] != key else { return [] }
    keys[job] = key
    return groups(of: job, in: world).flatMap { moves(of: $0, job, in: world) }
  }

  /// VMs of each group; those in none, each by itself.
  private func groups(of job: Int, in world: World) -> [[Int]] {
    let description = world.course.jobs[job]
    let run = world.runs[job]
    let slowdown = description.isService ? 1 : run.slowdown
    let matrix = description.matrix(phase: run.phase, slowdown: slowdown, window: World.window)
    let numbers = Dictionary(uniqueKeysWithValues: description.application.vms.enumerated().map { ($1.name, $0) })
    let found = communicationGroups(of: matrix, method: .report)
    var groups = found.members.map { $0.compactMap { numbers[$0.description] }.sorted() }
    let grouped = Set(groups.flatMap(\.self))
    groups += (0..<description.count).filter { !grouped.contains($0) }.map { [$0] }
    return groups
  }

  private func moves(of group: [Int], _ job: Int, in world: World) -> [Step] {
    let placement = world.runs[job].placement
    let present = Set(group.map { world.hostSites[placement[$0]] })
    guard let wanted = target(of: group, from: present, job, in: world) else { return [] }
    var vcpus = world.vcpus
    var memory = world.memory
    let vm = world.course.jobs[job].application.vms[0]
    var steps: [Step] = []
    for member in group where world.hostSites[placement[member]] != wanted {
      let host = world.siteHosts[wanted].first {
        vcpus[$0] + vm.vcpus <= world.hosts[$0].vcpus * (1 + 1e-9)
          && memory[$0] + vm.memoryGiB <= (world.hosts[$0].memoryGiB ?? .infinity) * (1 + 1e-9)
      }
      guard let host else { return [] }
      vcpus[host] += vm.vcpus
      memory[host] += vm.memoryGiB
      steps.append(Step(vm: member, host: host))
    }
    return steps
  }

  /// The site to which a group goes; nil: it stays.
  private func target(of group: [Int], from present: Set<Int>, _ job: Int, in world: World) -> Int? {
    let description = world.course.jobs[job]
    let left = description.work.map { ($0 - world.runs[job].done) * world.runs[job].slowdown } ?? 86_400
    let lasting = world.sitesByPrice(for: job).filter { site in
      world.sites[site].closes.map { $0 >= world.time + left } ?? true
    }
    let speed = { (site: Int) in
      world.sites[site].speed ?? world.siteHosts[site].first.map { world.hosts[$0].speed } ?? 1
    }
    let now = present.map(speed).max() ?? 1
    for site in lasting where hasRoom(for: group, at: site, job, in: world) {
      if present.count > 1 {
        let latency = present.map { world.between.latency[world.between.index(from: $0, to: site)] }.max() ?? 0
        if speed(site) < now, latency < Self.negligibleSeconds { continue }
        return site
      }
      guard let here = present.first, site != here else { return nil }
      let isClosing = world.sites[here].closes.map { $0 < world.time + left } ?? false
      let dearer = world.hourly(site, job) / speed(site) >= world.hourly(here, job) / speed(here) * (1 - 1e-9)
      if isClosing || !dearer { return site }
    }
    return nil
  }

  private func hasRoom(for group: [Int], at site: Int, _ job: Int, in world: World) -> Bool {
    let vm = world.course.jobs[job].application.vms[0]
    let coming = group.count { world.hostSites[world.runs[job].placement[$0]] != site }
    let slots = world.siteHosts[site].reduce(0) { sum, host in
      let byVCPUs = ((world.hosts[host].vcpus - world.vcpus[host]) / vm.vcpus + 1e-9).rounded(.down)
      let byMemory =
        vm.memoryGiB > 0
        ? (((world.hosts[host].memoryGiB ?? .infinity) - world.memory[host]) / vm.memoryGiB + 1e-9).rounded(.down)
        : .infinity
      return sum + max(0, Int(min(byVCPUs, byMemory, 1e6)))
    }
    return slots >= coming
  }
}
