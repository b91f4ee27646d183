internal import Documents
internal import GRPCCore
internal import Model
internal import Storage
internal import SwiftProtobuf
internal import Traffic
internal import Wire

extension ControlService {
  func answer(_ request: QueryRequest, _ response: RPCWriter<QueryReply>) async throws {
    for message in try await replies(to: request) { try await response.write(message) }
  }

  /// A refusal, or a header and what follows it.
  func replies(to request: QueryRequest) async throws -> [QueryReply] {
    do {
      let wait = max(0, min(request.waitSeconds.isNaN ? 0 : request.waitSeconds, 86_400))
      let answer = try await collector.query(
        try await collector.query(for: request), waitingAtMost: Int64(wait * 1e9))
      return QueryReply.messages(of: answer)
    } catch let error as TrafficQueryError {
      throw RPCError(code: .invalidArgument, message: error.description)
    } catch let error as StoreError {
      throw RPCError(code: .internalError, message: error.description)
    }
  }
}

extension Collector {
  fileprivate func query(for request: QueryRequest) async throws -> TrafficQuery {
    let span: TrafficQuery.Span =
      if request.start != 0 || request.end != 0 {
        .interval(
          start: Timestamp(nanoseconds: request.start),
          end: request.end == 0 ? clock.now : Timestamp(nanoseconds: request.end))
      } else if request.last > 0 {
        .last(Int(request.last))
      } else {
        heldSpan ?? .last(1)
      }
    let answer: TrafficQuery.Answer =
      switch request.answer {
      case .detail, .UNRECOGNIZED: .detail
      case .mean: .mean
      case .weighted: request.weights.isEmpty ? .coefficient(request.coefficient) : .weights(request.weights)
      }
    return TrafficQuery(
      span: span, answer: answer, isApproximate: request.approximate,
      endpoints: request.application.isEmpty ? nil : try await endpoints(of: request.application))
  }

  /// The VMs of an application, by name and by address.
  private func endpoints(of name: String) async throws -> Set<Endpoint> {
    let applications = try await store.applications()
    guard let stored = applications.first(where: { $0.name == name }) else {
      let known = applications.isEmpty ? "there is none" : "there are " + applications.map(\.name).joined(separator: ", ")
      throw RPCError(code: .notFound, message: "there is no application \"\(name)\": \(known)")
    }
    do {
      let (application, _) = try ApplicationDocument.parse(stored.document, file: name)
      return Set(application.vms.flatMap { vm in [.name(vm.name)] + vm.addresses.map(Endpoint.address) })
    } catch {
      throw RPCError(code: .internalError, message: "the application \(name) can't be read: \(error)")
    }
  }
}
