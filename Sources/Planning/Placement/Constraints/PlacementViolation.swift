/// A constraint that a placement breaks, with the figures, by name.
public enum PlacementViolation: Hashable, Sendable {
  case hostVCPUs(host: String, used: Double, limit: Double)
  case hostMemory(host: String, usedGiB: Double, limitGiB: Double)
  case quotaVCPUs(site: String, used: Double, limit: Double)
  case quotaMemory(site: String, usedGiB: Double, limitGiB: Double)
  case quotaVCPUHours(site: String, used: Double, limit: Double)
  case pin(vm: String, site: String, allowed: [String])
  case ban(vm: String, site: String)
  case together(vms: [String], sites: [String])
  case apart(vms: [String], host: String)
  /// The site closes before the run ends; seconds from now.
  case window(site: String, closes: Double, ends: Double)
  case deadline(seconds: Double, limit: Double)
  case budget(cost: Double, limit: Double)
  case notMovable(vm: String, from: String, to: String, Migration.Obstacle)
  case slowdownLimit(slowdown: Double, limit: Double)
}

extension PlacementViolation: CustomStringConvertible {
  public var description: String {
    switch self {
    case .hostVCPUs(let host, let used, let limit): "host \(host): \(used) vCPUs used of \(limit)"
    case .hostMemory(let host, let used, let limit): "host \(host): \(used) GiB of memory used of \(limit)"
    case .quotaVCPUs(let site, let used, let limit): "quota of site \(site): \(used) vCPUs used of \(limit)"
    case .quotaMemory(let site, let used, let limit): "quota of site \(site): \(used) GiB of memory used of \(limit)"
    case .quotaVCPUHours(let site, let used, let limit): "quota of site \(site): \(used) vCPU-hours used of \(limit)"
    case .pin(let vm, let site, let allowed):
      "pin: VM \(vm) is at \(site), not at \(allowed.joined(separator: " or "))"
    case .ban(let vm, let site): "ban: VM \(vm) is at \(site)"
    case .together(let vms, let sites):
      "together: VMs \(vms.joined(separator: ", ")) are at \(sites.joined(separator: ", "))"
    case .apart(let vms, let host): "apart: VMs \(vms.joined(separator: ", ")) are all on host \(host)"
    case .window(let site, let closes, let ends):
      "window of site \(site): it closes in \(closes) s, before the run ends in \(ends) s"
    case .deadline(let seconds, let limit): "deadline: the run ends in \(seconds) s, after the deadline in \(limit) s"
    case .budget(let cost, let limit): "budget: \(cost) is more than \(limit)"
    case .notMovable(let vm, let from, let to, let obstacle):
      "VM \(vm) can't be moved from \(from) to \(to): \(obstacle)"
    case .slowdownLimit(let slowdown, let limit): "slowdown limit: \(slowdown) is more than \(limit)"
    }
  }
}
