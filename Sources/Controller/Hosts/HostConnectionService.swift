package import GRPCCore
package import Logging
internal import Model
internal import SwiftProtobuf
internal import Traffic
package import Trust
package import Wire

/// What hosts may say: each has one stream, begun with a greeting.
///
/// A message is dealt with before the next is read: a host that sends faster than its reports are kept is slowed down by
/// the transport. A host that doesn't read what it is told is cut off.
package struct HostConnectionService: ControllerAPI.SimpleServiceProtocol {
  let registry: HostRegistry
  let intake: any ReportIntake
  let logger: Logger
  /// How long a stream may be silent before its greeting.
  let patience: Duration
  /// Nil: whoever dials is believed.
  let trust: PeerTrust?

  package init(
    registry: HostRegistry, intake: any ReportIntake, logger: Logger, trust: PeerTrust? = nil,
    patience: Duration = .seconds(10)
  ) {
    (self.registry, self.intake, self.logger, self.trust, self.patience) = (registry, intake, logger, trust, patience)
  }

  package func connect(
    request: RPCAsyncSequence<FromHost, any Error>, response: RPCWriter<ToHost>, context: ServerContext
  ) async throws {
    let certified = try trust?.peer(of: context).identity.name
    let (outgoing, continuation) = AsyncThrowingStream.makeStream(
      of: ToHost.self, bufferingPolicy: .bufferingOldest(HostRegistry.Connection.unreadLimit))
    let impatience = Task {
      try await Task.sleep(for: patience)
      continuation.finish(throwing: RPCError(code: .deadlineExceeded, message: "no greeting within \(patience)"))
    }
    defer { impatience.cancel() }
    // Whatever ends first ends the stream.
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for try await message in outgoing { try await response.write(message) }
      }
      group.addTask {
        try await read(request, continuation, from: context.remotePeer, certified) { impatience.cancel() }
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private func read(
    _ messages: RPCAsyncSequence<FromHost, any Error>, _ outgoing: AsyncThrowingStream<ToHost, any Error>.Continuation,
    from peer: String, _ certified: String?, onGreeting: () -> Void
  ) async throws {
    var link: HostLink?
    var reason = "it ended the connection"
    do {
      for try await message in messages {
        if let link {
          try await take(message, link)
        } else {
          link = try await greet(message, outgoing, from: peer, certified)
          onGreeting()
        }
      }
    } catch {
      reason = (error as? RPCError)?.message ?? "\(error)"
      if let link { await leave(link, reason) }
      throw error
    }
    if let link { await leave(link, reason) }
  }

  private func greet(
    _ message: FromHost, _ outgoing: AsyncThrowingStream<ToHost, any Error>.Continuation, from peer: String,
    _ certified: String?
  ) async throws -> HostLink {
    guard case .hello(let hello)? = message.content else {
      throw RPCError(code: .invalidArgument, message: "the first message must be a greeting")
    }
    guard certified == nil || certified == hello.host else {
      let text = "its certificate is host \(certified ?? "")'s, and it says that it is \(hello.host.prefix(255))"
      logger.warning("refused \(peer): \(text)")
      throw RPCError(code: .permissionDenied, message: text)
    }
    let welcome = ToHost.with {
      $0.welcome.time = registry.now().nanoseconds
      $0.welcome.version = ControllerService.version
    }
    let number: UInt64
    do {
      number = try await registry.connect(hello, outgoing: outgoing, welcome: welcome)
    } catch {
      logger.warning("refused \(peer): \(error.message)")
      throw error
    }
    let offset = await registry.host(hello.host)?.clockOffsetSeconds ?? 0
    logger.info("\(hello.host) is connected", metadata: ["peer": "\(peer)", "clockOffsetSeconds": "\(offset)"])
    return HostLink(host: hello.host, number: number, outgoing: outgoing)
  }

  private func leave(_ link: HostLink, _ reason: String) async {
    logger.info("\(link.host) is disconnected: \(reason)")
    await registry.disconnect(link.host, link.number, reason: reason)
  }

  private func take(_ message: FromHost, _ link: HostLink) async throws {
    await registry.hear(link.host, link.number)
    switch message.content {
    case .hello: throw RPCError(code: .invalidArgument, message: "a second greeting")
    case .report(let report):
      let refusal = try await refusal(of: report, from: link.host)
      if let refusal {
        logger.error("refused report \(report.sequence) of \(link.host): \(refusal)")
      }
      try link.send(
        .with {
          $0.acknowledgement.incarnation = report.incarnation
          $0.acknowledgement.sequence = report.sequence
          $0.acknowledgement.refused = refusal ?? ""
        })
    case .state(let state): await registry.take(state, from: link.host, link.number)
    case .answer(let answer): await registry.take(answer, from: link.host)
    case nil: break
    }
  }

  /// Nil once the report is kept.
  private func refusal(of message: Transhumance_V1_SensorReport, from host: String) async throws -> String? {
    do {
      let report = try SensorReport(message)
      guard report.host == host else { return "a report of \(report.host) by \(host)" }
      try await intake.take(report)
      await registry.noteReport(from: host, period: report.period.start, lostReports: report.lostReports)
      return nil
    } catch let error as WireError {
      return "\(error)"
    } catch let error as ReportRefusal {
      return error.reason
    } catch {
      logger.error("a report of \(host) can't be kept: \(error)")
      throw RPCError(code: .unavailable, message: "the controller can't keep reports: \(error)")
    }
  }
}

/// A host's stream as its reader knows it.
private struct HostLink {
  var host: String
  var number: UInt64
  var outgoing: AsyncThrowingStream<ToHost, any Error>.Continuation

  func send(_ message: ToHost) throws(RPCError) {
    guard case .dropped = outgoing.yield(message) else { return }
    throw .notReading
  }
}

extension HostRegistry.Connection {
  /// So many messages may wait for a host to read them.
  static let unreadLimit = 1024

  func send(_ message: ToHost) {
    if case .dropped = outgoing.yield(message) { outgoing.finish(throwing: RPCError.notReading) }
  }
}

extension RPCError {
  fileprivate static let notReading = RPCError(
    code: .resourceExhausted, message: "the host doesn't read what the controller tells it")
}
