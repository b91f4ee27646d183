internal import GRPCCore
internal import Model
internal import Storage
internal import SwiftProtobuf
internal import Traffic
internal import Wire

/// What is answered with collected periods alone, by whoever has them.
struct CollectedAnswers: Sendable {
  let collector: Collector
  /// That in force.
  let federation: @Sendable () async -> Federation

  /// Answers a query, message by message: a header, then what was asked for; or a refusal alone.
  ///
  /// - Throws: as `replies(to:)`; what `write` throws.
  func answer(_ request: QueryRequest, _ write: (QueryReply) async throws -> Void) async throws {
    for message in try await replies(to: request) { try await write(message) }
  }

  /// The same messages, each made when it is read.
  ///
  /// - Throws: `RPCError` where the query can't be meant, or names what isn't there.
  func replies(to request: QueryRequest) async throws -> some Sequence<QueryReply> & Sendable {
    let answer: TrafficAnswer
    do {
      let names = QueryNames(federation: await federation(), applications: try await applications(request))
      let query = try names.query(request, held: await collector.heldSpan)
      let wait = max(0, min(request.waitSeconds.isNaN ? 0 : request.waitSeconds, 86_400))
      answer = try await collector.query(query, waitingAtMost: Int64(wait * 1e9))
      try Self.checkNames(of: request, in: answer)
    } catch let error as TrafficQueryError {
      throw RPCError(code: .invalidArgument, message: error.description)
    } catch let error as StoreError {
      throw RPCError(code: .internalError, message: error.description)
    }
    return QueryReply.messages(of: answer)
  }

  /// None where the query isn't about applications.
  private func applications(_ request: QueryRequest) async throws -> [StoredApplication] {
    let isAbout = !request.allApplications.isEmpty || !request.sites.isEmpty || request.endpoints != .asCounted
    return isAbout ? try await collector.store.applications() : []
  }

  /// An answer without any traffic, of a VM or host that the whole span doesn't know, is taken to be a misspelling.
  private static func checkNames(of request: QueryRequest, in answer: TrafficAnswer) throws {
    guard case .answered(let statistics) = answer, !statistics.unseen.isEmpty else { return }
    let unseen = Set(statistics.unseen)
    let (vms, hosts) = (request.vms.filter(unseen.contains), request.hosts.filter(unseen.contains))
    guard !(vms.isEmpty && hosts.isEmpty), statistics.content.isEmpty else { return }
    let names = (vms.map { "VM \"\($0)\"" } + hosts.map { "host \"\($0)\"" }).prefix(10).joined(separator: ", no ")
    throw RPCError(
      code: .notFound,
      message: "no host reported any such traffic from \(statistics.start) to \(statistics.end): no \(names)")
  }
}
