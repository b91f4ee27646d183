import Model

/// Where VMs are while moves are made one by one, what room hosts and quotas have then, and what is still to come.
///
/// Rooms are numbered: hosts first, then sites. A move enters its target host and, if it comes from another site, its
/// site.
struct MoveRooms {
  /// What VMs take of a room, or what there is.
  struct Amount {
    var vcpus = 0.0
    var memoryGiB = 0.0

    static func += (left: inout Amount, right: Amount) {
      left.vcpus += right.vcpus
      left.memoryGiB += right.memoryGiB
    }

    static func -= (left: inout Amount, right: Amount) {
      left.vcpus -= right.vcpus
      left.memoryGiB -= right.memoryGiB
    }

    /// Whether this much fits within a limit beside what is used.
    func fits(beside used: Amount, within limit: Amount) -> Bool {
      !exceeds(used.vcpus + vcpus, limit.vcpus) && !exceeds(used.memoryGiB + memoryGiB, limit.memoryGiB)
    }
  }

  /// A move's rooms: host and site that it leaves and enters; −1 for the site where it stays within one.
  struct Path {
    let from: Int
    let to: Int
    let fromSite: Int
    let toSite: Int
  }

  let limits: [Amount]
  private let sizes: [Amount]
  /// By VM.
  let paths: [Path]
  /// Per VM the sets of VMs from which it is to be apart.
  private let apart: [[[Int]]]

  /// Host of each VM at this step.
  private(set) var hosts: [Int]
  /// What is taken of each room now, and what those that are still to enter will take.
  private(set) var used: [Amount]
  private(set) var coming: [Amount]

  init(moving: [Int], from present: [Int], to placement: [Int], in instance: PlacementInstance) {
    let hostCount = instance.hosts.count
    let site = { (host: Int) in hostCount + instance.hostSites[host] }
    limits =
      instance.hosts.map { Amount(vcpus: $0.vcpus, memoryGiB: $0.memoryGiB ?? .infinity) }
      + instance.sites.map { Amount(vcpus: $0.quota.vcpus ?? .infinity, memoryGiB: $0.quota.memoryGiB ?? .infinity) }
    sizes = instance.vms.map { Amount(vcpus: $0.vcpus, memoryGiB: $0.memoryGiB) }
    paths = present.indices.map { vm in
      let (from, to) = (site(present[vm]), site(placement[vm]))
      return Path(
        from: present[vm], to: placement[vm], fromSite: from == to ? -1 : from, toSite: from == to ? -1 : to)
    }
    var apart = [[[Int]]](repeating: [], count: present.count)
    for set in instance.apart {
      for vm in set where present[vm] != placement[vm] { apart[vm].append(set) }
    }
    self.apart = apart
    hosts = present
    used = Array(repeating: Amount(), count: limits.count)
    coming = used
    for vm in present.indices {
      used[present[vm]] += sizes[vm]
      used[site(present[vm])] += sizes[vm]
    }
    for vm in moving { expect(vm) }
  }

  private mutating func expect(_ vm: Int) {
    coming[paths[vm].to] += sizes[vm]
    if paths[vm].toSite >= 0 { coming[paths[vm].toSite] += sizes[vm] }
  }

  mutating func make(_ vm: Int) {
    let (path, size) = (paths[vm], sizes[vm])
    hosts[vm] = path.to
    used[path.from] -= size
    used[path.to] += size
    coming[path.to] -= size
    guard path.toSite >= 0 else { return }
    used[path.fromSite] -= size
    used[path.toSite] += size
    coming[path.toSite] -= size
  }

  mutating func undo(_ vm: Int) {
    let (path, size) = (paths[vm], sizes[vm])
    hosts[vm] = path.from
    used[path.from] += size
    used[path.to] -= size
    if path.toSite >= 0 {
      used[path.fromSite] += size
      used[path.toSite] -= size
    }
    expect(vm)
  }

  /// Whether a VM's move fits now.
  func fits(_ vm: Int) -> Bool {
    lacking(vm) == nil && mate(of: vm) == nil
  }

  /// The room that is too small now for a VM's move.
  func lacking(_ vm: Int) -> Int? {
    let (path, size) = (paths[vm], sizes[vm])
    if !size.fits(beside: used[path.to], within: limits[path.to]) { return path.to }
    guard path.toSite >= 0, !size.fits(beside: used[path.toSite], within: limits[path.toSite]) else { return nil }
    return path.toSite
  }

  /// Whether a VM's move would fit, had all others that are still to come entered before.
  func isSafe(_ vm: Int) -> Bool {
    let path = paths[vm]
    return hasRoomForAll(path.to) && (path.toSite < 0 || hasRoomForAll(path.toSite)) && mate(of: vm) == nil
  }

  private func hasRoomForAll(_ room: Int) -> Bool {
    coming[room].fits(beside: used[room], within: limits[room])
  }

  /// A VM on the target from which this one is to be apart.
  func mate(of vm: Int) -> Int? {
    for set in apart[vm] {
      for other in set where other != vm && hosts[other] == paths[vm].to { return other }
    }
    return nil
  }

  /// What is missing, as a share of its size, for all to enter a room that are still to come.
  private func shortage(_ room: Int) -> Double {
    func share(_ needed: Double, _ limit: Double) -> Double {
      limit > 0 && limit < .infinity ? max(0, needed / limit - 1) : 0
    }
    let (used, coming, limit) = (used[room], coming[room], limits[room])
    return max(
      share(used.vcpus + coming.vcpus, limit.vcpus), share(used.memoryGiB + coming.memoryGiB, limit.memoryGiB))
  }

  /// How good it is that this VM moves next: it should leave where much is missing, and enter where little is.
  func merit(_ vm: Int) -> Double {
    let path = paths[vm]
    let hosts = shortage(path.from) - shortage(path.to)
    return path.toSite < 0 ? hosts : hosts + shortage(path.fromSite) - shortage(path.toSite)
  }
}
