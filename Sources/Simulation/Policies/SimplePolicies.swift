internal import Model
internal import Planning

/// The planner's first placement, for ever.
final class StaticPolicy: Policy {
  func place(_ job: Int, in world: World) -> [Int]? { world.plannedPlace(of: job) }
  func decide(_ job: Int, in world: World) -> [Step] { [] }
}

/// Each VM by itself at the cheapest site that has room, on its first host; moved as soon as a cheaper one has.
final class FirstFitPolicy: Policy {
  func place(_ job: Int, in world: World) -> [Int]? {
    var free = Room(world)
    var placement: [Int] = []
    for _ in 0..<world.course.jobs[job].count {
      guard let host = free.take(for: job, among: world.sitesByPrice(for: job), in: world) else { return nil }
      placement.append(host)
    }
    return placement
  }

  func decide(_ job: Int, in world: World) -> [Step] {
    var free = Room(world)
    let order = world.sitesByPrice(for: job)
    return world.runs[job].placement.enumerated().compactMap { vm, host in
      let price = world.hourly(world.hostSites[host], job)
      let cheaper = order.filter { world.hourly($0, job) < price * (1 - 1e-9) }
      return free.take(for: job, among: cheaper, in: world).map { Step(vm: vm, host: $0) }
    }
  }
}

/// Places that are taken while a decision is made.
private struct Room {
  private var vcpus: [Double]
  private var memory: [Double]

  init(_ world: World) { (vcpus, memory) = (world.vcpus, world.memory) }

  mutating func take(for job: Int, among sites: [Int], in world: World) -> Int? {
    let vm = world.course.jobs[job].application.vms[0]
    for site in sites where world.isWithinQuota(site, for: job) {
      for host in world.siteHosts[site] {
        guard vcpus[host] + vm.vcpus <= world.hosts[host].vcpus * (1 + 1e-9),
          memory[host] + vm.memoryGiB <= (world.hosts[host].memoryGiB ?? .infinity) * (1 + 1e-9)
        else { continue }
        vcpus[host] += vm.vcpus
        memory[host] += vm.memoryGiB
        return host
      }
    }
    return nil
  }
}

/// Anywhere where there is room; some VM moves every six hours on average.
final class RandomPolicy: Policy {
  private var random: SplitMix64
  private static let meanSeconds = 21_600.0

  init(seed: UInt64) { random = SplitMix64(seed: seed ^ 0x7261_6e64) }

  func place(_ job: Int, in world: World) -> [Int]? {
    var vcpus = world.vcpus
    var memory = world.memory
    let vm = world.course.jobs[job].application.vms[0]
    var placement: [Int] = []
    for _ in 0..<world.course.jobs[job].count {
      let fitting = world.hosts.indices.filter { host in
        world.sites[world.hostSites[host]].isUp && vcpus[host] + vm.vcpus <= world.hosts[host].vcpus * (1 + 1e-9)
          && memory[host] + vm.memoryGiB <= (world.hosts[host].memoryGiB ?? .infinity) * (1 + 1e-9)
          && world.isWithinQuota(world.hostSites[host], for: job)
      }
      guard !fitting.isEmpty else { return nil }
      let host = fitting[random.next(below: fitting.count)]
      vcpus[host] += vm.vcpus
      memory[host] += vm.memoryGiB
      placement.append(host)
    }
    return placement
  }

  func decide(_ job: Int, in world: World) -> [Step] {
    guard random.nextShare() < world.course.scenario.decideSeconds / Self.meanSeconds else { return [] }
    let vm = random.next(below: world.course.jobs[job].count)
    let host = random.next(below: world.hosts.count)
    guard world.runs[job].placement[vm] != host, world.hasRoom(host, for: job) else { return [] }
    return [Step(vm: vm, host: host)]
  }
}

/// Goes where it is told, when it is told: what an oracle has worked out.
final class SchedulePolicy: Policy {
  /// Of each application, by time; the first is where it begins.
  typealias Schedule = [(seconds: Double, placement: [Int])]

  private let schedules: [Int: Schedule]
  private var next: [Int: Int] = [:]

  init(_ schedules: [Int: Schedule]) { self.schedules = schedules }

  func place(_ job: Int, in world: World) -> [Int]? {
    next[job] = 1
    // It doesn't wait for others to leave: whoever comes starts.
    if let first = schedules[job]?.first?.placement, world.hasRoom(for: first, of: job) { return first }
    return world.plannedPlace(of: job)
  }

  func decide(_ job: Int, in world: World) -> [Step] {
    guard let schedule = schedules[job] else { return [] }
    var index = next[job] ?? 1
    while index < schedule.count, schedule[index].seconds <= world.time + 1e-6 { index += 1 }
    next[job] = index
    // Also where a move has failed before, or there was no room.
    let wanted = schedule[index - 1].placement
    var steps = wanted.indices.filter { world.runs[job].placement[$0] != wanted[$0] }
      .map { Step(vm: $0, host: wanted[$0]) }
    // Those first that find room.
    steps.sort { (world.hasRoom($0.host, for: job) ? 0 : 1, $0.vm) < (world.hasRoom($1.host, for: job) ? 0 : 1, $1.vm) }
    guard let first = steps.first, world.hasRoom(first.host, for: job) else { return [] }
    return steps
  }
}
