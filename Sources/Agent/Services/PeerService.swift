internal import GRPCCore
internal import Model
internal import Moves
internal import SwiftProtobuf
internal import Trust
internal import Wire

/// What other agents may ask of this one. Where they have certificates, each speaks for its own host only.
struct PeerService: Transhumance_V1_Peer.SimpleServiceProtocol {
  let agent: HostAgent

  /// Name of the host that calls; nil: in clear, where whoever calls is believed.
  private func caller(_ context: ServerContext) throws -> String? {
    guard let name = try agent.trust?.peers.caller(context).name else { return nil }
    // One that was taken out of the federation has its certificate until that ends.
    guard agent.peers[name] != nil else { throw RPCError.foreign("the federation has no host \(name), as \(agent.name) knows it") }
    return name
  }

  func exchange(request: Transhumance_V1_FabricMap, context: ServerContext) async throws -> Transhumance_V1_FabricMap {
    let caller = try caller(context)
    // What others told the caller isn't taken, and no fault of its.
    _ = await agent.take(request.entries, from: caller ?? context.remotePeer)
    return .init(await agent.map.sorted)
  }

  func announce(
    request: Transhumance_V1_FabricMap, context: ServerContext
  ) async throws -> Transhumance_V1_Acknowledgement {
    let caller = try caller(context)
    let hearsay = await agent.take(request.entries, from: caller ?? context.remotePeer)
    if let caller, let entry = hearsay.first {
      throw RPCError.foreign("host \(caller) may not say that \(entry.vm) is at \(entry.host)")
    }
    return .init()
  }

  func reserve(
    request: Transhumance_V1_Reservation, context: ServerContext
  ) async throws -> Transhumance_V1_ReservationReply {
    try await agent.reserve(request, by: caller(context))
  }

  func release(
    request: Transhumance_V1_VMReference, context: ServerContext
  ) async throws -> Transhumance_V1_VMState {
    try await agent.release(request.vm, move: request.move, by: caller(context))
  }

  func frames(request: Transhumance_V1_VMReference, context: ServerContext) async throws -> Transhumance_V1_FrameTimes {
    let times = await agent.frameTimes(of: request.vm)
    return .with { $0.times = times }
  }

  func arrived(
    request: Transhumance_V1_VMReference, context: ServerContext
  ) async throws -> Transhumance_V1_Acknowledgement {
    try await agent.noteArrival(request.move, by: caller(context))
    return .init()
  }

  func inspect(request: Transhumance_V1_VMReference, context: ServerContext) async throws -> Transhumance_V1_VMState {
    await agent.answer(inspecting: request.vm)
  }

  func activate(request: Transhumance_V1_VMReference, context: ServerContext) async throws -> Transhumance_V1_VMState {
    try await agent.activate(request.vm, by: caller(context))
  }

  func describe(
    request: Transhumance_V1_DescribeRequest, context: ServerContext
  ) async throws -> Transhumance_V1_HostReport {
    await agent.report
  }
}

extension HostAgent {
  /// Entries of a peer's message, merged.
  /// - Returns: those that aren't for that peer to say, and weren't taken.
  func take(_ entries: [Transhumance_V1_FabricEntry], from peer: String) -> [FabricEntry] {
    merge(entries.compactMap { read($0, from: peer) }, from: peer)
  }

  /// A move's destination says that the VM runs there.
  func noteArrival(_ move: String, by caller: String?) throws {
    if let caller, let request = moves.running[move]?.move.report.request, request.to != caller {
      throw RPCError.foreign("\(move) goes to host \(request.to), and not to \(caller)")
    }
    feed(move, .resumed)
  }
}
