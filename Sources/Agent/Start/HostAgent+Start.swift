internal import Libvirt
internal import Logging
internal import Model
internal import Moves
internal import SwiftProtobuf
internal import Wire

/// First placement: a VM that runs nowhere yet is defined and started here.
extension HostAgent {
  /// - Returns: all that speaks against it; empty: it runs (or, of a trial, it could be).
  func start(_ request: Transhumance_V1_StartRequest) async -> [String] {
    let vm = request.vm
    guard hasRecovered else { return [stillRecovering] }
    await refresh(vm)
    let isNamed = map[vm].map { $0.host == name && !$0.interfaces.isEmpty } ?? false
    if domains[vm]?.state.isActive == true, isNamed, !isOnMove(vm) { return [] }
    if let problem = await presence(of: vm) { return [problem] }
    let plan: StartPlan
    do {
      var addresses: [IPAddress] = []
      for octets in request.addresses {
        guard let address = IPAddress(octets: octets) else {
          return ["an address of \(vm) has \(octets.count) octets"]
        }
        addresses.append(address)
      }
      plan = try StartPlan(
        vm: vm, template: request.definition, addresses: addresses, networks: configuration.networks,
        others: map.sorted)
    } catch {
      return ["\(error)"]
    }
    // From here to the reservation of the room nothing is waited for.
    if starting[vm] != nil { return ["\(vm) is being started"] }
    var problems = problemsOfRoom(vcpus: plan.vcpus, memory: plan.memory)
    if let trouble = fabric.trouble { problems.append("the network of \(name) can't be programmed: \(trouble)") }
    guard problems.isEmpty, !request.dryRun else { return problems }
    starting[vm] = plan
    defer { starting[vm] = nil }
    return await start(plan)
  }

  private func start(_ plan: StartPlan) async -> [String] {
    let vm = plan.vm
    logger.notice("starts \(vm)")
    await announce(placed(vm, plan.interfaces))
    var reason = fabric.trouble
    if reason == nil {
      do {
        try await hypervisor.call { connection in
          let domain = try connection.define(xml: plan.definition)
          do {
            try domain.create()
          } catch {
            try? domain.undefine()
            throw error
          }
        }
      } catch {
        reason = "\(error)"
      }
    }
    await refresh(vm)
    // It may run all the same, where the answer was lost.
    guard let reason, domains[vm]?.state.isActive != true else { return [] }
    logger.error("\(vm) can't be started: \(reason)")
    // An entry can't be taken back; without interfaces it is nowhere.
    await announce(placed(vm, []))
    return ["\(vm) can't be started at \(name): \(reason)"]
  }

  /// The map's entry says that the VM is here; the kernel is programmed.
  private func placed(_ vm: String, _ interfaces: [FabricEntry.Interface]) -> [FabricEntry] {
    let entry = map.claim(vm, by: name, interfaces: interfaces)
    phases.clear(vm)
    program()
    keep()
    return [entry]
  }

  /// Where the VM is already, or may be.
  private func presence(of vm: String) async -> String? {
    if isOnMove(vm) { return "\(vm) is on a move" }
    if let domain = domains[vm] {
      guard domain.state.isActive else {
        return "\(name) has a domain of that name already (\(domain.word)): `virsh undefine \(vm)` first"
      }
      return map[vm]?.host == name
        ? "\(vm) runs at \(name) without its network: `virsh destroy \(vm)` there, undefine it, and try again"
        : "\(vm) runs at \(name), but the map says otherwise: try again"
    }
    return await presence(of: vm, owner: map[vm]?.host)
  }

  /// - Parameter owner: the host that has it by the map; any other one that is silent can't, as it would be in the map.
  private nonisolated func presence(of vm: String, owner: String?) async -> String? {
    let reference = Transhumance_V1_VMReference.with { $0.vm = vm }
    return await withTaskGroup(of: String?.self) { group in
      for (host, peer) in peers {
        group.addTask {
          do {
            let answer = try await peer.agent.inspect(reference, options: PeerConnection.within(.seconds(3)))
            switch answer.state {
            case .absent: return nil
            case .unknown, .UNRECOGNIZED:
              return host == owner ? "whether \(vm) runs at \(host) isn't known: \(answer.reason)" : nil
            case .running, .paused, .incoming: return "\(vm) is at \(host)"
            }
          } catch {
            return host == owner ? "whether \(vm) runs at \(host) isn't known: \(error.callReason)" : nil
          }
        }
      }
      return await group.reduce(nil) { $0 ?? $1 }
    }
  }
}
