internal import Glibc
internal import Libvirt
internal import Model
internal import Moves
internal import SwiftProtobuf
internal import Wire

extension HostAgent {
  /// This host as it is now.
  var report: Transhumance_V1_HostReport {
    var report = Transhumance_V1_HostReport()
    report.name = name
    report.site = configuration.host.site
    report.vcpus = configuration.vcpus
    report.memoryBytes = configuration.memory ?? 0
    report.vcpusUsed = usedVCPUs
    report.memoryUsedBytes = usedMemory
    report.hypervisor = (try? hypervisor.connection()) == nil ? "silent" : "ready"
    report.mapEntries = UInt64(map.entries.count)
    report.corrections = fabric.corrections
    report.process = UInt32(getpid())
    if let held { report.hold = held.message }
    report.epoch = heard.highest
    report.vms = domains.sorted { $0.key < $1.key }.map { name, domain in
      var vm = Transhumance_V1_VMReport()
      vm.name = name
      vm.state = domain.word
      vm.vcpus = UInt32(clamping: domain.vcpus)
      vm.memoryBytes = domain.memory
      if let entry = map[name] { vm.entry = entry.message }
      vm.managedBy = domain.manager?.rawValue ?? ""
      return vm
    }
    report.vms += foreignVMs.filter { domains[$0.name] == nil }.map { foreign in
      .with {
        ($0.name, $0.state, $0.managedBy) = (foreign.name, "running", foreign.manager.rawValue)
        ($0.vcpus, $0.memoryBytes) = (UInt32(clamping: foreign.vcpus), foreign.memory)
      }
    }
    report.moves = moves.reports
    return report
  }

  /// Held by VMs that run, be it without libvirt, by reservations, and by VMs that are being started.
  var usedVCPUs: Double {
    Double(domains.values.reduce(0) { $0 + ($1.state.isActive ? $1.vcpus : 0) })
      + foreignVMs.reduce(0) { $0 + Double($1.vcpus) }
      + reservations.filter { isToCome($0.key) }.values.reduce(0) { $0 + Double($1.vcpus) }
      + starting.filter { isToCome($0.key) }.values.reduce(0) { $0 + Double($1.vcpus) }
  }

  /// Bytes, held by VMs that run, be it without libvirt, by reservations, and by VMs that are being started.
  var usedMemory: UInt64 {
    let running = domains.values.lazy.filter { $0.state.isActive }.map(\.memory)
    let reserved = reservations.filter { isToCome($0.key) }.values.map(\.memory)
    let begun = starting.filter { isToCome($0.key) }.values.map(\.memory)
    return [Array(running), foreignVMs.map(\.memory), reserved, begun].joined().reduce(0) { $0.addingSaturating($1) }
  }

  private func isToCome(_ vm: String) -> Bool { domains[vm]?.state.isActive != true }

  /// What keeps so much more from being held here.
  func problemsOfRoom(vcpus: Int, memory: UInt64) -> [String] {
    var problems: [String] = []
    if usedVCPUs + Double(vcpus) > configuration.vcpus {
      problems.append(
        "\(name) has no room: \(vcpus) vCPUs are needed, \(Int(usedVCPUs)) of \(Int(configuration.vcpus)) are used")
    }
    if let limit = configuration.memory, usedMemory.addingSaturating(memory) > limit {
      let (needed, used, all) = (memory >> 20, usedMemory >> 20, limit >> 20)
      problems.append("\(name) has no room: \(needed) MiB are needed, \(used) of \(all) MiB are used")
    }
    return problems
  }

  /// The whole federation as it answers now.
  nonisolated func list(localOnly: Bool) async -> ListReply {
    var reply = ListReply()
    reply.agent = name
    reply.map = .init(await map.sorted)
    var own = status(of: configuration.host)
    own.report = await report
    guard !localOnly else {
      reply.hosts = [own]
      return reply
    }
    let others = await withTaskGroup(of: HostStatus.self) { group in
      for peer in peers.values { group.addTask { await self.ask(peer) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    // In the order of the federation: by underlay address.
    let order = ([configuration.host] + configuration.peers).sorted { $0.address < $1.address }.map(\.name)
    let all = Dictionary(uniqueKeysWithValues: ([own] + others).map { ($0.name, $0) })
    reply.hosts = order.compactMap { all[$0] }
    return reply
  }

  private nonisolated func ask(_ peer: PeerConnection) async -> HostStatus {
    var status = status(of: peer.peer)
    do {
      status.report = try await peer.agent.describe(.init(), options: PeerConnection.within(.seconds(2)))
    } catch {
      status.error = error.callReason
    }
    return status
  }

  private nonisolated func status(of host: HostConfiguration.Peer) -> HostStatus {
    var status = HostStatus()
    (status.name, status.site, status.address) = (host.name, host.site, host.address.description)
    return status
  }
}

extension UInt64 {
  /// A sum that others' numbers can't overflow.
  fileprivate func addingSaturating(_ other: UInt64) -> UInt64 {
    let (sum, isOver) = addingReportingOverflow(other)
    return isOver ? .max : sum
  }
}
