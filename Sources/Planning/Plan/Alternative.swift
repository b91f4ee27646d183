import Model

/// What one VM elsewhere would change of a plan's placement: why it isn't there.
public struct Alternative: Hashable, Sendable, Encodable {
  public var vm: String
  public var site: String
  public var host: String
  /// By how much more the run would cost, and how much longer it would take; nil where it may not be there.
  public var cost: Double?
  public var seconds: Double?
  /// What it would break, in words.
  public var breaks: [String]
}

extension Planner {
  /// For each VM and each other site the best of its hosts, all else as placed; where none fits, what stands in the way
  /// at the roomiest.
  ///
  /// - Parameters:
  ///   - placement: host of each VM, by name.
  ///   - most: VMs that are looked at, in the order of their names.
  public func alternatives(to placement: [String: String], most: Int = 100) -> [Alternative] {
    let hosts = Dictionary(instance.hosts.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let placed = instance.vms.compactMap { vm in placement[vm.name].flatMap { hosts[$0] } }
    guard placed.count == instance.vms.count else { return [] }
    let here = PlacementEvaluation(of: placed, in: instance)
    return instance.vmsByName.prefix(most).flatMap { vm in
      instance.sites.indices.compactMap { site in
        site == instance.site(of: vm, in: placed) ? nil : alternative(vm, site, here)
      }
    }
  }

  private static let mostHosts = 4

  private func alternative(_ vm: Int, _ site: Int, _ here: PlacementEvaluation) -> Alternative? {
    let free = { (host: Int) in instance.rooms[host].vcpus - here.hostUse[host].vcpus }
    let roomiest = instance.siteHosts[site].sorted { free($0) > free($1) }.prefix(Self.mostHosts)
    let tried = roomiest.map { host in
      var placement = here.placement
      placement[vm] = host
      return PlacementEvaluation(of: placement, in: instance)
    }
    let known = Set(here.violations)
    let broken = { (evaluation: PlacementEvaluation) in evaluation.violations.filter { !known.contains($0) } }
    let fitting = tried.filter { broken($0).isEmpty }
    let best = fitting.dropFirst().reduce(fitting.first) { best, other in
      best.map { instance.prefers(other, to: $0) ? other : $0 }
    }
    guard let chosen = best ?? tried.first else { return nil }
    return Alternative(
      vm: instance.vms[vm].name, site: instance.sites[site].name, host: instance.hosts[chosen.placement[vm]].name,
      cost: best.map { $0.cost.total - here.cost.total }, seconds: best.map { $0.totalSeconds - here.totalSeconds },
      breaks: broken(chosen).map(\.description))
  }
}
