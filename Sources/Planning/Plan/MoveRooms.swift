import Model

/// Where VMs are while they move, what room hosts and quotas have then, and what is still to come.
///
/// Rooms are numbered: hosts first, then sites, then for each set of VMs that are to be spread the sites again. A VM on
/// its way takes room on both hosts; of quotas and spreads it takes room at both sites, and once where it stays within
/// one.
struct MoveRooms {
  /// What VMs take of a room, or what there is.
  struct Amount {
    var vcpus = 0.0
    var memoryGiB = 0.0
    var vms = 0.0

    static func += (left: inout Amount, right: Amount) {
      left.vcpus += right.vcpus
      left.memoryGiB += right.memoryGiB
      left.vms += right.vms
    }

    static func -= (left: inout Amount, right: Amount) {
      left.vcpus -= right.vcpus
      left.memoryGiB -= right.memoryGiB
      left.vms -= right.vms
    }

    /// Whether this much fits within a limit beside what is used.
    func fits(beside used: Amount, within limit: Amount) -> Bool {
      !exceeds(used.vcpus + vcpus, limit.vcpus) && !exceeds(used.memoryGiB + memoryGiB, limit.memoryGiB)
        && used.vms + vms <= limit.vms
    }
  }

  let limits: [Amount]
  private let sizes: [Amount]
  private let hostSites: [Int]
  /// Per VM the numbers that lead, with a site's added, to the rooms that it takes there.
  private let siteRooms: [[Int]]
  /// Per VM the sets of VMs from which it is to be apart.
  private let apart: [[[Int]]]
  /// Where each VM is to be in the end.
  let targets: [Int]

  /// Host of each VM now, until its move has ended.
  private(set) var hosts: [Int]
  /// The host that each is on its way to; −1: none.
  private(set) var arriving: [Int]
  /// What is taken of each room now, and what those that are still to enter will take.
  private(set) var used: [Amount]
  private(set) var coming: [Amount]

  init(from present: [Int], to placement: [Int], in instance: PlacementInstance) {
    hostSites = instance.hostSites
    let (hostCount, siteCount) = (instance.hosts.count, instance.sites.count)
    var siteRooms = present.map { _ in [hostCount] }
    for (index, spread) in instance.spreads.enumerated() {
      for vm in spread.vms { siteRooms[vm].append(hostCount + siteCount * (index + 1)) }
    }
    self.siteRooms = siteRooms
    let most = { (vms: Int?) in vms.map(Double.init) ?? .infinity }
    var limits = instance.rooms.map { Amount(vcpus: $0.vcpus, memoryGiB: $0.memoryGiB, vms: .infinity) }
    limits += instance.sites.map {
      Amount(
        vcpus: $0.quota.vcpus ?? .infinity, memoryGiB: $0.quota.memoryGiB ?? .infinity, vms: most($0.quota.vms))
    }
    for spread in instance.spreads {
      limits += instance.sites.map { _ in Amount(vcpus: .infinity, memoryGiB: .infinity, vms: most(spread.most)) }
    }
    self.limits = limits
    sizes = instance.vms.map { Amount(vcpus: $0.vcpus, memoryGiB: $0.memoryGiB, vms: 1) }
    var apart = [[[Int]]](repeating: [], count: present.count)
    for set in instance.apart {
      for vm in set { apart[vm].append(set) }
    }
    self.apart = apart
    targets = placement
    hosts = present
    arriving = Array(repeating: -1, count: present.count)
    used = Array(repeating: Amount(), count: limits.count)
    coming = used
    for vm in present.indices {
      used[present[vm]] += sizes[vm]
      for room in siteRooms[vm] { used[room + hostSites[present[vm]]] += sizes[vm] }
      if present[vm] != placement[vm] { expect(vm, from: present[vm]) }
    }
  }

  /// The site that a move from host to host enters; nil where it stays within one.
  private func entered(from source: Int, to target: Int) -> Int? {
    hostSites[source] == hostSites[target] ? nil : hostSites[target]
  }

  /// The rooms that a VM's move from host to host enters.
  func entered(_ vm: Int, from source: Int, to target: Int) -> [Int] {
    guard let site = entered(from: source, to: target) else { return [target] }
    return [target] + siteRooms[vm].map { $0 + site }
  }

  /// Per room, whether it may lack place for some of these legs, had none left it, or keep VMs apart.
  func tightRooms(_ legs: [Leg]) -> [Bool] {
    var total = used
    for leg in legs {
      for room in entered(leg.vm, from: leg.from, to: leg.to) { total[room] += sizes[leg.vm] }
    }
    var isTight = total.indices.map { !Amount().fits(beside: total[$0], within: limits[$0]) }
    for leg in legs where !apart[leg.vm].isEmpty { isTight[leg.to] = true }
    return isTight
  }

  private mutating func expect(_ vm: Int, from host: Int) {
    coming[targets[vm]] += sizes[vm]
    guard let site = entered(from: host, to: targets[vm]) else { return }
    for room in siteRooms[vm] { coming[room + site] += sizes[vm] }
  }

  private mutating func unexpect(_ vm: Int) {
    coming[targets[vm]] -= sizes[vm]
    guard let site = entered(from: hosts[vm], to: targets[vm]) else { return }
    for room in siteRooms[vm] { coming[room + site] -= sizes[vm] }
  }

  // MARK: - Moving

  /// A VM sets out: from now on it takes room in both places.
  mutating func begin(_ vm: Int, to host: Int) {
    if hosts[vm] != targets[vm] { unexpect(vm) }
    used[host] += sizes[vm]
    if let site = entered(from: hosts[vm], to: host) {
      for room in siteRooms[vm] { used[room + site] += sizes[vm] }
    }
    arriving[vm] = host
    if host != targets[vm] { expect(vm, from: host) }
  }

  /// A VM that has set out has arrived.
  mutating func end(_ vm: Int) {
    let (from, to) = (hosts[vm], arriving[vm])
    used[from] -= sizes[vm]
    if let site = entered(from: to, to: from) {
      for room in siteRooms[vm] { used[room + site] -= sizes[vm] }
    }
    hosts[vm] = to
    arriving[vm] = -1
  }

  /// At once.
  mutating func make(_ vm: Int, to host: Int) {
    begin(vm, to: host)
    end(vm)
  }

  // MARK: - Room

  /// Whether a VM's move to a host fits now.
  func fits(_ vm: Int, to host: Int) -> Bool {
    lacking(vm, to: host) == nil && mate(of: vm, at: host) == nil
  }

  /// The room that is too small now for a VM's move.
  func lacking(_ vm: Int, to host: Int) -> Int? {
    let size = sizes[vm]
    if !size.fits(beside: used[host], within: limits[host]) { return host }
    guard let site = entered(from: hosts[vm], to: host) else { return nil }
    return siteRooms[vm].lazy.map { $0 + site }.first { !size.fits(beside: used[$0], within: limits[$0]) }
  }

  /// A VM on a host, or on its way there, from which this one is to be apart.
  func mate(of vm: Int, at host: Int) -> Int? {
    for set in apart[vm] {
      for other in set where other != vm && (hosts[other] == host || arriving[other] == host) { return other }
    }
    return nil
  }

  /// Whether a VM's last move would fit, had all others that are still to come entered before.
  func isSafe(_ vm: Int) -> Bool {
    let host = targets[vm]
    guard hasRoomForAll(host), mate(of: vm, at: host) == nil else { return false }
    guard let site = entered(from: hosts[vm], to: host) else { return true }
    return siteRooms[vm].allSatisfy { hasRoomForAll($0 + site) }
  }

  private func hasRoomForAll(_ room: Int) -> Bool {
    coming[room].fits(beside: used[room], within: limits[room])
  }

  /// What is missing, as a share of its size, for all to enter a room that are still to come.
  private func shortage(_ room: Int) -> Double {
    func share(_ needed: Double, _ limit: Double) -> Double {
      limit > 0 && limit < .infinity ? max(0, needed / limit - 1) : 0
    }
    let (used, coming, limit) = (used[room], coming[room], limits[room])
    return max(
      share(used.vcpus + coming.vcpus, limit.vcpus), share(used.memoryGiB + coming.memoryGiB, limit.memoryGiB),
      share(used.vms + coming.vms, limit.vms))
  }

  /// How good it is that this VM moves next: it should leave where much is missing, and enter where little is.
  func merit(_ vm: Int) -> Double {
    let (from, to) = (hosts[vm], targets[vm])
    let merit = shortage(from) - shortage(to)
    guard let site = entered(from: from, to: to) else { return merit }
    return siteRooms[vm].reduce(merit) { $0 + shortage($1 + hostSites[from]) - shortage($1 + site) }
  }

  /// Whether a VM is in a room.
  func isIn(_ vm: Int, _ room: Int) -> Bool {
    hosts[vm] == room || siteRooms[vm].contains { $0 + hostSites[hosts[vm]] == room }
  }

  /// Whether a VM takes of a room what its last move frees.
  func frees(_ vm: Int, _ room: Int) -> Bool {
    hosts[vm] == room || isIn(vm, room) && entered(from: hosts[vm], to: targets[vm]) != nil
  }
}
