internal import GRPCCore
internal import Model
internal import Moves
internal import SwiftProtobuf
internal import Wire

/// What other agents may ask of this one.
struct PeerService: Transhumance_V1_Peer.SimpleServiceProtocol {
  let agent: HostAgent

  func exchange(request: Transhumance_V1_FabricMap, context: ServerContext) async throws -> Transhumance_V1_FabricMap {
    await agent.take(request.entries, from: context.remotePeer)
    return .init(await agent.map.sorted)
  }

  func announce(
    request: Transhumance_V1_FabricMap, context: ServerContext
  ) async throws -> Transhumance_V1_Acknowledgement {
    await agent.take(request.entries, from: context.remotePeer)
    return .init()
  }

  func reserve(
    request: Transhumance_V1_Reservation, context: ServerContext
  ) async throws -> Transhumance_V1_ReservationReply {
    try await agent.reserve(request)
  }

  func release(
    request: Transhumance_V1_VMReference, context: ServerContext
  ) async throws -> Transhumance_V1_VMState {
    await agent.release(request.vm, move: request.move)
  }

  func frames(request: Transhumance_V1_VMReference, context: ServerContext) async throws -> Transhumance_V1_FrameTimes {
    let times = await agent.frameTimes(of: request.vm)
    return .with { $0.times = times }
  }

  func arrived(
    request: Transhumance_V1_VMReference, context: ServerContext
  ) async throws -> Transhumance_V1_Acknowledgement {
    await agent.feed(request.move, .resumed)
    return .init()
  }

  func inspect(request: Transhumance_V1_VMReference, context: ServerContext) async throws -> Transhumance_V1_VMState {
    await agent.answer(inspecting: request.vm)
  }

  func activate(request: Transhumance_V1_VMReference, context: ServerContext) async throws -> Transhumance_V1_VMState {
    await agent.activate(request.vm)
  }

  func describe(
    request: Transhumance_V1_DescribeRequest, context: ServerContext
  ) async throws -> Transhumance_V1_HostReport {
    await agent.report
  }
}

extension HostAgent {
  /// Entries of a peer's message, merged.
  func take(_ entries: [Transhumance_V1_FabricEntry], from peer: String) {
    merge(entries.compactMap { read($0, from: peer) }, from: peer)
  }
}
