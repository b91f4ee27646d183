internal import GRPCCore
internal import Moves
internal import Trust
internal import Wire

/// What an operator's command may ask, at any agent.
struct OperatorService: Transhumance_V1_Operator.SimpleServiceProtocol {
  let agent: HostAgent
  /// By which whoever calls over the network is known; nil: at the agent's own socket, or in clear.
  var trust: PeerTrust?

  /// Who asks: an operator as its certificate says; or for whom another host's agent asks, as it says, and that one.
  private func asker(_ by: String, _ context: ServerContext) throws -> String {
    guard let caller = try trust?.caller(context) else { return by }
    if caller.role == .operator { return caller.name }
    return by.isEmpty ? "\(caller)" : "\(by.asPerson) by \(caller)"
  }

  func list(request: Transhumance_V1_ListRequest, context: ServerContext) async throws -> Transhumance_V1_ListReply {
    await agent.list(localOnly: request.local)
  }

  func migrate(
    request: Transhumance_V1_MigrateRequest, response: RPCWriter<Transhumance_V1_MigrateProgress>,
    context: ServerContext
  ) async throws {
    var request = request
    request.by = try asker(request.by, context)
    try await agent.migrateAnywhere(request) { try await response.write($0) }
  }

  func cancel(
    request: Transhumance_V1_VMReference, context: ServerContext
  ) async throws -> Transhumance_V1_Acknowledgement {
    var request = request
    request.by = try asker(request.by, context)
    try await agent.cancelAnywhere(request)
    return .init()
  }

  func hold(
    request: Transhumance_V1_HoldRequest, context: ServerContext
  ) async throws -> Transhumance_V1_HoldReply {
    var request = request
    request.by = try asker(request.by, context)
    return try await agent.hold(request)
  }
}

extension HostAgent {
  /// Moves a VM of any host: that of another one by its own agent.
  nonisolated func migrateAnywhere(
    _ request: MigrateRequest, tell: @escaping @Sendable (MigrateProgress) async throws -> Void
  ) async throws {
    await waitForCleaning(after: request.vm)
    let owner = try await owner(of: request.vm)
    guard let peer = peers[owner] else {
      for await progress in try await migrate(request) { try await tell(progress) }
      return
    }
    do {
      try await peer.operator.migrate(request) { answer in
        for try await progress in answer.messages { try await tell(progress) }
      }
    } catch let error as RPCError where error.code == .unavailable {
      throw RPCError(
        code: .unavailable,
        message: "\(request.vm) is at \(owner), whose agent doesn't answer; a move that had begun goes on: `transhumance get moves`")
    }
  }

  nonisolated func cancelAnywhere(_ reference: Transhumance_V1_VMReference) async throws {
    let owner = try await owner(of: reference.vm)
    guard let peer = peers[owner] else { return await cancel(reference.vm, by: reference.by) }
    _ = try await peer.operator.cancel(reference, options: PeerConnection.within(.seconds(5)))
  }

  /// The host that has the VM, as far as this agent knows.
  func owner(of vm: String) throws -> String {
    guard let entry = map[vm] else {
      throw RPCError(code: .notFound, message: "there is no VM \"\(vm)\"; `transhumance get vms` lists all")
    }
    return moves.isActive(vm) ? name : entry.host
  }

  /// A move whose result its operator has been told may go on cleaning: returns when that is done, or after 10 s.
  func waitForCleaning(after vm: String) async {
    for _ in 0..<200 {
      guard let move = moves.active(vm), moves.running[move]?.move.report.result != nil else { return }
      try? await Task.sleep(for: .milliseconds(50))
    }
  }
}
