internal import Foundation
internal import GRPCCore
internal import Libvirt
internal import Linux
internal import Logging
internal import Model
internal import Moves
internal import SwiftProtobuf
internal import Wire

/// A move as an operator asks for it, at the agent of the VM's host.
extension HostAgent {
  /// Checks, and unless only that was asked begins. The stream ends with the move; letting go of it doesn't end the move.
  func migrate(_ request: MigrateRequest) async throws -> AsyncStream<MigrateProgress> {
    let (stream, continuation) = AsyncStream.makeStream(of: MigrateProgress.self)
    var preflight = Transhumance_V1_Preflight()
    preflight.from = name
    preflight.to = request.to
    preflight.nothingToDo = request.to == name && domains[request.vm]?.state.isActive == true
    if !preflight.nothingToDo {
      let problems = await problems(of: request)
      // As it is after the others have been asked.
      preflight.problems = problemsOfHold + problems
    }
    continuation.yield(.with { $0.preflight = preflight })
    guard preflight.problems.isEmpty, !preflight.nothingToDo, !request.dryRun else {
      continuation.finish()
      return stream
    }
    // While the destination was asked, another may have begun.
    guard !moves.isActive(request.vm) else {
      throw RPCError(code: .failedPrecondition, message: "\(request.vm) is already on a move")
    }
    let order = MoveRequest(
      identifier: identifier(for: request.vm), vm: request.vm, from: name, to: request.to,
      peers: configuration.peers.map(\.name), isPaused: domains[request.vm]?.word == "paused",
      maximumRounds: request.maxRounds > 0 ? Int(request.maxRounds) : nil,
      timeoutSeconds: request.timeoutSeconds > 0 ? request.timeoutSeconds : nil,
      by: request.by.isEmpty ? nil : request.by.asPerson)
    var limits = CopyLimits()
    if request.bandwidthMibPerSecond > 0 { limits.bandwidthMiBps = UInt64(request.bandwidthMibPerSecond.rounded(.up)) }
    if request.maxDowntimeSeconds > 0 { limits.downtimeMs = UInt64((request.maxDowntimeSeconds * 1000).rounded(.up)) }
    begin(order, limits: limits, watcher: continuation)
    return stream
  }

  /// `vm5-20261125T074455-3`: the name, when, and how many of this agent's before it.
  private func identifier(for vm: String) -> String {
    let now = Timestamp.now.description.filter { $0.isNumber || $0 == "T" }.prefix(15)
    return "\(vm)-\(now)-\(moves.nextNumber())"
  }

  /// All that speaks against a move, here and at the destination.
  private func problems(of request: MigrateRequest) async -> [String] {
    var problems: [String] = []
    guard let entry = map[request.vm] else { return ["there is no VM \"\(request.vm)\""] }
    if !hasRecovered { problems.append(stillRecovering) }
    if let last = moves.active(request.vm).flatMap({ moves.running[$0]?.move.report }) {
      problems.append(
        last.result == nil
          ? "it is on a move already: `transhumance get moves`"
          : "its last move waits for \(last.request.to) to let go of it, and asks every second")
    }
    // Two that move one VM, each by itself, undo what the other does, or run it twice.
    if !request.despiteManager, let manager = domains[request.vm]?.manager?.rawValue {
      problems.append(
        "it is managed by \(manager): have it moved there, or give --despite-manager where \(manager) knows of the move")
    }
    guard request.to != name else { return problems + ["it isn't running at \(name), and so can't be moved"] }
    guard let peer = peers[request.to] else {
      let known = configuration.peers.map(\.name).sorted().joined(separator: ", ")
      return problems + ["there is no host \"\(request.to)\"; the others are \(known)"]
    }
    if let problem = migration?.problem { problems.append(problem) }
    do {
      let own = try await hypervisor.call { try Self.requirements(of: request.vm, at: $0) }
      guard let own else { return problems + ["\(name) has no domain of that name, though the map says so"] }
      if !own.isActive { problems.append("it isn't running") }
      if own.isBusy { problems.append("its hypervisor is busy with another job of it") }
      let message = Transhumance_V1_Reservation.with {
        $0.entry = entry.message
        $0.from = name
        $0.vcpus = UInt32(clamping: own.vcpus)
        $0.memoryBytes = own.memory
        $0.machineType = own.machine
        $0.cpuModel = own.cpu
        $0.mtu = FabricNames.mtu
        $0.dryRun = true
      }
      do {
        // A libvirtd that is asked for the first time tries out its QEMU: 1.4 s on an idle machine, over 5 on a busy one.
        let reply = try await peer.agent.reserve(message, options: PeerConnection.within(.seconds(15)))
        problems += reply.problems
        if let problem = problem(ofHypervisorAt: reply.hypervisorUri, host: request.to) { problems.append(problem) }
      } catch {
        problems.append("\(request.to): \(error.callReason)")
      }
    } catch {
      problems.append("\(error)")
    }
    return problems
  }

  /// Cancels the move of a VM, if there is one.
  func cancel(_ vm: String, by: String) {
    if let identifier = moves.active(vm) { feed(identifier, .cancelled(by: by.asPerson)) }
  }
}

/// What a domain needs of a host.
struct DomainRequirements: Sendable {
  var vcpus: Int
  var memory: UInt64
  var machine: String
  var cpu: String
  var isActive: Bool
  var isBusy: Bool
}

extension HostAgent {
  static func requirements(of vm: String, at connection: Connection) throws -> DomainRequirements? {
    guard let domain = try connection.domain(named: vm) else { return nil }
    let usage = try domain.usage()
    let description = try XMLElement(parsing: domain.xml(.live))
    return DomainRequirements(
      vcpus: usage.vcpus, memory: usage.maximumMemoryKiB << 10,
      machine: description.first("os", "type")?.attributes["machine"] ?? "",
      cpu: description.first("cpu", "model")?.text ?? "",
      isActive: try domain.state().isActive, isBusy: (try? domain.jobStatistics().kind) ?? .none != .none)
  }
}

/// How an operator bounds the copying.
struct CopyLimits: Sendable {
  var bandwidthMiBps: UInt64?
  /// How long the VM may stand still.
  var downtimeMs: UInt64 = 300
}
