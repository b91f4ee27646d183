internal import Model

extension ApplicationReader {
  /// Tells which VMs fit on no host, even alone.
  func checkSizes(of application: Application, log: DiagnosticLog) {
    let rooms = HostRooms(federation?.sites.flatMap(\.hosts) ?? [])
    guard let largest = rooms.largest else { return }
    for (index, vm) in application.vms.enumerated() where !rooms.hold(vcpus: vm.vcpus, memoryGiB: vm.memoryGiB) {
      let size = "\(vcpus(vm.vcpus)) and \(shortest(vm.memoryGiB)) GiB"
      let memory = largest.memoryGiB.isFinite ? " and \(shortest(largest.memoryGiB)) GiB" : ""
      log.error(
        at: vmPositions[index],
        "vms[\(index)]: \(quoted(vm.name)) takes \(size), which no host of the federation has",
        hint: "the most that hosts have is \(vcpus(largest.vcpus))\(memory)")
    }
  }

  private func vcpus(_ figure: Double) -> String { shortest(figure) + (figure == 1 ? " vCPU" : " vCPUs") }
  func shortest(_ figure: Double) -> String { Int(exactly: figure).map(String.init) ?? "\(figure)" }
}

/// What hosts have room for, so that each of many VMs can be held against many hosts.
private struct HostRooms {
  /// By rising vCPUs; with each the most memory of the hosts from there on.
  private var vcpus: [Double] = []
  private var memory: [Double] = []

  init(_ hosts: [Host]) {
    let sorted = hosts.sorted { $0.vcpus < $1.vcpus }
    vcpus = sorted.map(\.vcpus)
    memory = sorted.map { $0.memoryGiB ?? .infinity }
    for index in memory.indices.dropLast().reversed() { memory[index] = max(memory[index], memory[index + 1]) }
  }

  /// The most vCPUs and the most memory, maybe of different hosts.
  var largest: (vcpus: Double, memoryGiB: Double)? {
    guard let most = vcpus.last, let memoryGiB = memory.first else { return nil }
    return (most, memoryGiB)
  }

  /// Whether a host has both; with the planner's tolerance for rounding.
  func hold(vcpus need: Double, memoryGiB: Double) -> Bool {
    let fits = { (need: Double, room: Double) in need <= room * (1 + 1e-9) }
    var (low, high) = (0, vcpus.count)
    while low < high {
      let middle = (low + high) / 2
      if fits(need, vcpus[middle]) { high = middle } else { low = middle + 1 }
    }
    return low < vcpus.count && fits(memoryGiB, memory[low])
  }
}
