internal import Foundation
internal import GRPCCore
internal import Libvirt
internal import Linux
internal import Logging
internal import Model
internal import Moves
internal import SwiftProtobuf
internal import Wire

/// The destination's side of a move.
extension HostAgent {
  /// Holds what a VM needs, or says all that speaks against it.
  ///
  /// - Parameter caller: the host by its certificate; nil: in clear.
  /// - Throws: where it asks for another host, or for a VM that it doesn't have.
  func reserve(
    _ message: Transhumance_V1_Reservation, by caller: String?
  ) async throws -> Transhumance_V1_ReservationReply {
    var reply = Transhumance_V1_ReservationReply()
    let entry = try FabricEntry(message.entry)
    if let caller, message.from != caller || entry.host != caller {
      throw RPCError.foreign("host \(caller) may not move \(entry.vm) from \(message.from.prefix(80))")
    }
    merge([entry], from: message.from)
    await refresh(entry.vm)
    reply.problems = await problems(of: message, entry)
    reply.hypervisorUri = hypervisorURI
    guard reply.problems.isEmpty, !message.dryRun else { return reply }
    let request = try JSONDecoder().decode(MoveRequest.self, from: message.request)
    if let caller, (request.vm, request.from, request.to) != (entry.vm, caller, name) {
      throw RPCError.foreign("host \(caller) may not move \(request.vm) from \(request.from) to \(request.to)")
    }
    let held = HeldReservation(
      IncomingMove(request, entry: entry), vcpus: Int(message.vcpus), memory: message.memoryBytes)
    reservations[entry.vm] = held
    await feed(incoming: entry.vm, .accepted)
    held.frames = frameClock(of: entry.vm)
    return reply
  }

  private func problems(of message: Transhumance_V1_Reservation, _ entry: FabricEntry) async -> [String] {
    let vm = entry.vm
    var problems: [String] = []
    if !hasRecovered { problems.append(stillRecovering) }
    // First: between counting the room and holding it nothing is waited for.
    do {
      problems += try await hypervisor.call { connection in
        let facts = try connection.hostFacts()
        let machines = facts.machineTypes.values.reduce(into: Set<String>()) { $0.formUnion($1) }
        var problems: [String] = []
        if !machines.isEmpty, !machines.contains(message.machineType) {
          problems.append("\(facts.hostname) has no machine type \(message.machineType)")
        }
        // A guest that is given the host's own processor names no model.
        if !message.cpuModel.isEmpty {
          var models: Set<String> = []
          for acceleration in facts.machineTypes.keys {
            models.formUnion(try connection.cpuModels(acceleration: acceleration))
          }
          if !models.isEmpty, !models.contains(message.cpuModel) {
            problems.append("\(facts.hostname) can't give guests the CPU model \(message.cpuModel)")
          }
        }
        return problems
      }
    } catch {
      problems.append("\(name): \(error)")
    }
    if let held = reservations[vm] {
      problems.append("a move of \(vm) to \(name) is on: \(held.move.request.identifier)")
    } else if let domain = domains[vm] {
      problems.append("\(name) has a domain of that name already (\(domain.word))")
    }
    if starting[vm] != nil { problems.append("\(vm) is being started at \(name)") }
    problems += problemsOfHold + problemsOfRoom(vcpus: Int(message.vcpus), memory: message.memoryBytes)
    let known = Set(configuration.networks.map(\.name))
    for interface in entry.interfaces where !known.contains(interface.network) {
      problems.append("\(name) doesn't have the network \"\(interface.network)\"")
    }
    if message.mtu != FabricNames.mtu {
      problems.append(
        "the networks of \(name) have an MTU of \(FabricNames.mtu), those of \(message.from) \(message.mtu)")
    }
    if let trouble = fabric.trouble { problems.append("the network of \(name) can't be programmed: \(trouble)") }
    if let problem = migration?.problemOfListening { problems.append(problem) }
    return problems
  }

  var stillRecovering: String { "the agent of \(name) is still reading what an earlier one left: try again" }

  /// An event of a move that comes in, if there is one of that VM.
  /// - Returns: whether the source was told that the VM runs here and stays.
  @discardableResult
  func feed(incoming vm: String, _ event: IncomingMoveEvent) async -> Bool {
    guard let held = reservations[vm] else { return false }
    return await perform(held.move.handle(event, at: .now), of: held)
  }

  @discardableResult
  func perform(_ actions: [IncomingMoveAction], of held: HeldReservation) async -> Bool {
    let vm = held.move.request.vm
    var stays = false
    for action in actions {
      logger.debug("\(held.move.request.identifier), incoming: does \(action)")
      switch action {
      case .journal(let record):
        do { try journal.append(record) } catch { logger.critical("the journal can't be written: \(error)") }
      case .hold, .grant: break
      case .unhold: reservations[vm] = nil
      case .stage:
        phases.stage(vm)
        program()
      case .unstage:
        phases.clear(vm)
        program()
      case .readDomain:
        Task { await readIncoming(vm) }
      case .destroyDomain:
        // A task of its own: whoever asked for it may give up, the copy is removed all the same.
        await Task { await removeCopy(of: vm) }.value
      case .answer(let isReleased): stays = !isReleased
      case .setTimer(let delay):
        held.lease?.cancel()
        held.lease = Task {
          try? await Task.sleep(for: delay)
          if !Task.isCancelled { await endLease(of: held, after: delay) }
        }
      case .finish:
        held.lease?.cancel()
        // Noted for a while longer: the source asks for them when the move is done.
        lingering[vm] = held.frames
        origins[vm] = held.move.request.from
        Task {
          try? await Task.sleep(for: .seconds(10))
          held.frames?.stop()
          if lingering[vm] === held.frames { lingering[vm] = nil }
        }
        reservations[vm] = nil
      }
    }
    return stays
  }

  /// Tries until it is gone: libvirtd may be down, and the source must not run on before.
  private func removeCopy(of vm: String) async {
    var isTold = false
    while true {
      do {
        try await hypervisor.call { try $0.domain(named: vm)?.remove() }
        break
      } catch let error as LibvirtError where error.code == .noDomain {
        break
      } catch {
        if !isTold { logger.error("the copy of \(vm) can't be removed, tried every second: \(error)") }
        isTold = true
        try? await Task.sleep(for: .seconds(1))
      }
    }
    await refresh(vm)
  }

  /// The room of a source of which nothing is heard is given up, unless the VM is here, or it can't be known.
  private func endLease(of held: HeldReservation, after delay: Duration) async {
    let vm = held.move.request.vm
    let state = DestinationState(await inspect(vm).state)
    guard !Task.isCancelled, reservations[vm] === held else { return }
    guard let state else {
      await perform([.setTimer(after: delay)], of: held)
      return
    }
    await feed(incoming: vm, .domain(state))
    await feed(incoming: vm, .leaseEnded)
  }

  /// What has happened while the hypervisor couldn't be asked.
  func readIncoming() async {
    for vm in reservations.keys { await readIncoming(vm) }
  }

  /// Reads the domain and tells the move that comes in.
  func readIncoming(_ vm: String) async {
    guard let state = DestinationState(await inspect(vm).state) else { return }
    await feed(incoming: vm, .domain(state))
  }

  /// What the hypervisor says of a VM, read now.
  func inspect(_ vm: String) async -> Transhumance_V1_VMState {
    var answer = Transhumance_V1_VMState()
    do {
      answer.state = try await hypervisor.call { connection in
        guard let domain = try connection.domain(named: vm) else { return .absent }
        switch try domain.state() {
        case .running, .blocked: return .running
        case .paused(.migration), .paused(.startingUp): return .incoming
        case let state where state.isActive: return .paused
        default: return .absent
        }
      }
    } catch {
      answer.state = .unknown
      answer.reason = "\(error)"
    }
    return answer
  }

  /// Lets a VM that has all its memory run.
  ///
  /// - Parameter caller: the host by its certificate, from which the VM has come; nil: in clear.
  func activate(_ vm: String, by caller: String?) async throws -> Transhumance_V1_VMState {
    if let caller, caller != reservations[vm]?.move.request.from ?? origins[vm] {
      throw RPCError.foreign("\(vm) doesn't come from host \(caller)")
    }
    do {
      try await hypervisor.call { connection in
        guard let domain = try connection.domain(named: vm), case .paused = try domain.state() else { return }
        try domain.resume()
      }
    } catch {
      logger.warning("\(vm) can't be resumed: \(error)")
    }
    return await inspect(vm)
  }

  /// The source lets go of a reservation. The state in the answer is `running` where the VM stays here.
  ///
  /// - Parameter caller: the host by its certificate; nil: in clear.
  func release(_ vm: String, move: String, by caller: String?) async throws -> Transhumance_V1_VMState {
    var answer = Transhumance_V1_VMState()
    answer.state = .absent
    guard hasRecovered else { return .with { $0.state = .unknown } }
    guard let held = reservations[vm], held.move.request.identifier == move else {
      // A move that this agent has brought to its end, or never heard of: the map says whose the VM is.
      if map[vm]?.host == name { return await inspect(vm) }
      return answer
    }
    if let caller, held.move.request.from != caller { throw RPCError.foreign("\(move) isn't host \(caller)'s") }
    // Its copy is being removed.
    guard !held.move.isOver else { return .with { $0.state = .unknown } }
    let before = await inspect(vm)
    guard let state = DestinationState(before.state) else { return before }
    await feed(incoming: vm, .domain(state))
    let stays = await feed(incoming: vm, .releaseAsked)
    answer.state = stays ? .running : .absent
    return answer
  }

  /// When frames came out of the VM here since it was staged.
  func frameTimes(of vm: String) -> [Int64] {
    (reservations[vm]?.frames ?? lingering[vm])?.times ?? []
  }
}
