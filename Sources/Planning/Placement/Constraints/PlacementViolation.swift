/// A constraint that a placement breaks, with the figures, by name.
public enum PlacementViolation: Hashable, Sendable {
  case hostVCPUs(host: String, used: Double, limit: Double)
  case hostMemory(host: String, usedGiB: Double, limitGiB: Double)
  /// More than leaves a host's headroom free, but no more than it has.
  case headroomVCPUs(host: String, used: Double, limit: Double)
  case headroomMemory(host: String, usedGiB: Double, limitGiB: Double)
  case drained(host: String, vms: [String])
  case quotaVMs(site: String, used: Int, limit: Int)
  case quotaVCPUs(site: String, used: Double, limit: Double)
  case quotaMemory(site: String, usedGiB: Double, limitGiB: Double)
  case quotaVCPUHours(site: String, used: Double, limit: Double)
  case pin(vm: String, site: String, allowed: [String])
  case ban(vm: String, site: String)
  case together(vms: [String], sites: [String])
  case apart(vms: [String], host: String)
  case spread(vms: [String], site: String, limit: Int)
  case residency(vm: String, site: String, allowed: [String])
  /// The site closes before the run (of a service: the horizon over which it is judged) ends; seconds from now,
  /// negative where it has closed.
  case window(site: String, closes: Double, ends: Double)
  /// The site is closed now, and opens in so many seconds.
  case notOpen(site: String, opens: Double)
  /// Seconds from now; a limit that is negative has passed.
  case deadline(seconds: Double, limit: Double)
  case budget(cost: Double, limit: Double)
  case notMovable(vm: String, from: String, to: String, Migration.Obstacle)
  case incompatible(vm: String, host: String, Incompatibility)
  case slowdownLimit(slowdown: Double, limit: Double)
}

extension PlacementViolation: CustomStringConvertible {
  public var description: String {
    switch self {
    case .hostVCPUs(let host, let used, 0): "host \(host) takes no VMs: \(Words.vcpus(used)) used"
    case .hostVCPUs(let host, let used, let limit): "host \(host): \(Words.vcpus(used)) used of \(Words.number(limit))"
    case .hostMemory(let host, let used, let limit):
      "host \(host): \(Words.number(used)) GiB of memory used of \(Words.number(limit))"
    case .headroomVCPUs(let host, let used, let limit):
      "headroom of host \(host): \(Words.vcpus(used)) used of \(Words.number(limit))"
    case .headroomMemory(let host, let used, let limit):
      "headroom of host \(host): \(Words.number(used)) GiB of memory used of \(Words.number(limit))"
    case .drained(let host, let vms):
      "drain: \(Words.list(vms)) \(vms.count == 1 ? "is" : "are") on host \(host), which is to be left"
    case .quotaVMs(let site, let used, let limit): "quota of site \(site): \(Words.count(used, "VM")) of \(limit)"
    case .quotaVCPUs(let site, let used, let limit):
      "quota of site \(site): \(Words.vcpus(used)) used of \(Words.number(limit))"
    case .quotaMemory(let site, let used, let limit):
      "quota of site \(site): \(Words.number(used)) GiB of memory used of \(Words.number(limit))"
    case .quotaVCPUHours(let site, let used, let limit):
      "quota of site \(site): \(Words.number(used)) vCPU-hours used of \(Words.number(limit))"
    case .pin(let vm, let site, let allowed): "pin: VM \(vm) is at \(site), not at \(Words.list(allowed, and: "or"))"
    case .ban(let vm, let site): "ban: VM \(vm) is at \(site)"
    case .together(let vms, let sites): "together: VMs \(Words.list(vms)) are at \(Words.list(sites))"
    case .apart(let vms, let host): "apart: VMs \(Words.list(vms)) are on one host, \(host)"
    case .spread(let vms, let site, let limit): "spread: VMs \(Words.list(vms)) are at \(site), allowed are \(limit)"
    case .residency(let vm, let site, let allowed):
      "residency: VM \(vm) is at \(site), which isn't in \(Words.list(allowed, and: "or"))"
    case .notOpen(let site, let opens): "window of site \(site): it opens in \(Words.duration(opens))"
    case .window(let site, let closes, let ends):
      "window of site \(site): "
        + (closes < 0
          ? "it closed \(Words.fromNow(closes))"
          : "it closes in \(Words.duration(closes)), needed are \(Words.duration(ends))")
    case .deadline(let seconds, let limit):
      limit < 0
        ? "deadline: it passed \(Words.fromNow(limit))"
        : "deadline: in \(Words.duration(limit)), the run ends in \(Words.duration(seconds))"
    case .budget(let cost, let limit): "budget: the cost of \(Words.number(cost)) is above \(Words.number(limit))"
    case .notMovable(let vm, let from, let to, let obstacle):
      "VM \(vm) can't be moved from \(from) to \(to): \(obstacle)"
    case .incompatible(let vm, let host, let obstacle): "VM \(vm) can't run on \(host): \(obstacle)"
    case .slowdownLimit(let slowdown, let limit):
      "slowdown limit: the run takes \(Words.number(slowdown)) times as long, allowed is \(Words.number(limit))"
    }
  }
}
