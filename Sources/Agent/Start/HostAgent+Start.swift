internal import Libvirt
internal import Logging
internal import Model
internal import Moves
internal import SwiftProtobuf
package import Wire

/// First placement: a VM that runs nowhere yet is defined and started here.
extension HostAgent {
  /// - Parameter by: who asks; empty: not known.
  /// - Returns: all that speaks against it; empty: it runs (or, of a trial, it could be).
  package func start(_ request: Transhumance_V1_StartRequest, by: String = "") async -> [String] {
    let vm = request.vm
    guard hasRecovered else { return [stillRecovering] }
    await refresh(vm)
    let isNamed = map[vm].map { $0.host == name && !$0.interfaces.isEmpty } ?? false
    if domains[vm]?.state.isActive == true, isNamed, !isOnMove(vm) { return [] }
    // From here to the note in `starting` nothing is waited for.
    if starting[vm] != nil { return ["\(vm) is being started"] }
    if let problem = presenceHere(of: vm) { return [problem] }
    do {
      let plan = try plan(for: request)
      var problems = problemsOfHold + problemsOfRoom(vcpus: plan.vcpus, memory: plan.memory)
      if let trouble = fabric.trouble { problems.append("the network of \(name) can't be programmed: \(trouble)") }
      guard problems.isEmpty else { return problems }
      if request.dryRun { return await presenceElsewhere(of: vm, patience: .zero).map { [$0] } ?? [] }
      // Before others are asked: of two hosts that start it at once one hears of the other.
      starting[vm] = plan
      defer { starting[vm] = nil }
      if let problem = await presenceElsewhere(of: vm, patience: Self.patience) { return [problem] }
      if let problem = presenceHere(of: vm) { return [problem] }
      if !problemsOfHold.isEmpty { return problemsOfHold }
      // By the map as it is now.
      return await start(try self.plan(for: request), by: by.asPerson)
    } catch {
      return ["\(error)"]
    }
  }

  /// For another host to have started it, or to have given up.
  private static let patience = Duration.seconds(10)

  private func plan(for request: Transhumance_V1_StartRequest) throws(StartPlan.Problem) -> StartPlan {
    var addresses: [IPAddress] = []
    for octets in request.addresses {
      guard let address = IPAddress(octets: octets) else {
        throw StartPlan.Problem("an address of \(request.vm) has \(octets.count) octets")
      }
      addresses.append(address)
    }
    return try StartPlan(
      vm: request.vm, template: request.definition, addresses: addresses, networks: configuration.networks,
      others: map.sorted)
  }

  private func start(_ plan: StartPlan, by: String) async -> [String] {
    let vm = plan.vm
    logger.notice("starts \(vm)\(by.isEmpty ? "" : ", as \(by) wants it")")
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

  /// Why it can't be started, as far as this host knows.
  private func presenceHere(of vm: String) -> String? {
    if isOnMove(vm) { return "\(vm) is on a move" }
    guard let domain = domains[vm] else { return nil }
    guard domain.state.isActive else {
      return "\(name) has a domain of that name already (\(domain.word)): `virsh undefine \(vm)` first"
    }
    return map[vm]?.host == name
      ? "\(vm) runs at \(name) without its network: `virsh destroy \(vm)` there, undefine it, and try again"
      : "\(vm) runs at \(name), but the map says otherwise: try again"
  }

  /// Why it can't be started, as far as the others know.
  private func presenceElsewhere(of vm: String, patience: Duration) async -> String? {
    let end = ContinuousClock.now + patience
    while true {
      let silent = peers.keys.filter { contacts[$0]?.silence != nil }
      let answers = await answers(of: vm, silent: Set(silent))
      switch StartElection.verdict(on: vm, at: name, owner: map[vm]?.host, answers: answers) {
      case .goOn: return nil
      case .giveUp(let reason): return reason
      case .ask(let reason):
        guard ContinuousClock.now < end, !Task.isCancelled else { return reason }
        try? await Task.sleep(for: .milliseconds(100))
      }
    }
  }

  /// - Parameter silent: hosts of which nothing was heard lately.
  private nonisolated func answers(of vm: String, silent: Set<String>) async -> [String: StartElection.Answer] {
    let reference = Transhumance_V1_VMReference.with { $0.vm = vm }
    return await withTaskGroup(of: (String, StartElection.Answer).self) { group in
      for (host, peer) in peers {
        group.addTask {
          do {
            let answer = try await peer.agent.inspect(reference, options: PeerConnection.within(.seconds(3)))
            return (host, StartElection.Answer(answer))
          } catch {
            return (host, .missing(reason: error.callReason, isSilent: silent.contains(host)))
          }
        }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
  }

  /// What a peer is told of a VM.
  func answer(inspecting vm: String) async -> Transhumance_V1_VMState {
    guard starting[vm] == nil else {
      return .with {
        $0.state = .incoming
        $0.reason = "it is being started"
      }
    }
    return await inspect(vm)
  }
}

extension StartElection.Answer {
  fileprivate init(_ answer: Transhumance_V1_VMState) {
    switch answer.state {
    case .absent: self = .absent
    case .running, .paused: self = .present
    case .incoming: self = .onItsWay
    case .unknown, .UNRECOGNIZED: self = .unknown(reason: answer.reason)
    }
  }
}
