import Planning

/// Whether a placement can be reached from another by moves one after another, each to any host that takes the VM, any
/// number of times: by looking at every placement on the way.
struct Reachability {
  /// Nil where more placements would have had to be looked at.
  private(set) var isReachable: Bool?

  init(of transition: RandomTransition, in instance: PlacementInstance, placements most: Int) {
    var seen: Set<[Int]> = [transition.present]
    var queue = [transition.present]
    var next = 0
    while next < queue.count {
      let placement = queue[next]
      next += 1
      if placement == transition.target {
        isReachable = true
        return
      }
      for vm in placement.indices {
        for host in instance.hosts.indices where host != placement[vm] {
          var changed = placement
          changed[vm] = host
          guard !seen.contains(changed), Self.fits(vm, host, placement, transition, instance) else { continue }
          if seen.count == most { return }
          seen.insert(changed)
          queue.append(changed)
        }
      }
    }
    isReachable = false
  }

  private static func fits(
    _ vm: Int, _ host: Int, _ placement: [Int], _ transition: RandomTransition, _ instance: PlacementInstance
  ) -> Bool {
    let site = { (host: Int) in instance.hostSites[host] }
    let bandwidth = instance.between.bandwidth[site(placement[vm]) * instance.sites.count + site(host)]
    guard (try? Migration(of: instance.vms[vm], bandwidth: bandwidth)) != nil else { return false }
    // Those that are to be together stay at the sites from which and to which they go.
    for set in instance.together where set.contains(vm) {
      let homes = set.flatMap { [site(transition.present[$0]), site(transition.target[$0])] }
      if !homes.contains(site(host)) { return false }
    }
    let move = ScheduleReplay.Move(vm: vm, from: placement[vm], to: host)
    return ScheduleReplay([move], from: placement, in: instance, limits: MoveLimits()).objections(to: 0).isEmpty
  }
}
