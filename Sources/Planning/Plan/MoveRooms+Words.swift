import Model

extension MoveRooms {
  /// What a VM's last move lacks now, in words; nil where it fits.
  ///
  /// - Parameter others: the VMs whose moves haven't been made yet.
  func obstacle(_ vm: Int, waitingFor others: [Int], in instance: PlacementInstance) -> String? {
    let (machine, target) = (instance.vms[vm], targets[vm])
    if let mate = mate(of: vm, at: target) {
      return "\(machine.name) is to be apart from \(instance.vms[mate].name), which is on "
        + instance.hosts[target].name
    }
    guard let room = lacking(vm, to: target) else { return nil }
    let (used, limit) = (used[room], limits[room])
    let need =
      if exceeds(used.vcpus + machine.vcpus, limit.vcpus) {
        (amount: Words.vcpus(machine.vcpus), free: limit.vcpus - used.vcpus)
      } else if exceeds(used.memoryGiB + machine.memoryGiB, limit.memoryGiB) {
        (amount: "\(Words.number(machine.memoryGiB)) GiB", free: limit.memoryGiB - used.memoryGiB)
      } else {
        (amount: "a place", free: limit.vms - used.vms)
      }
    let (hostCount, siteCount) = (instance.hosts.count, instance.sites.count)
    let isHost = room < hostCount
    let place =
      if isHost {
        "on \(instance.hosts[room].name)"
      } else if room < hostCount + siteCount {
        "of the quota of \(instance.sites[room - hostCount].name)"
      } else {
        "of those that its spread has at \(instance.sites[(room - hostCount) % siteCount].name)"
      }
    let leaving = others.filter { frees($0, room) }
    let until = leaving.isEmpty ? "" : " until \(Words.list(leaving.map { instance.vms[$0].name }, and: "or")) has left"
    return "\(machine.name) needs \(need.amount) \(place), which has \(Words.number(max(0, need.free))) "
      + (isHost ? "free" : "left") + until
  }
}
