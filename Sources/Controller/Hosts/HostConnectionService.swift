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
  private let refusals: RefusalLines
  /// How long a stream may be silent before its greeting.
  let patience: Duration
  /// Nil: whoever dials is believed.
  let trust: PeerTrust?
  /// Of the messages, that this controller speaks.
  let versions: ProtocolVersions
  /// That the pace of repeated welcomes is timed by.
  let clock: any Clock<Duration>

  package init(
    registry: HostRegistry, intake: any ReportIntake, logger: Logger, trust: PeerTrust? = nil,
    patience: Duration = .seconds(10), versions: ProtocolVersions = .own, clock: any Clock<Duration> = ContinuousClock()
  ) {
    (self.registry, self.intake, self.logger, self.trust, self.patience) = (registry, intake, logger, trust, patience)
    (self.versions, self.clock) = (versions, clock)
    refusals = RefusalLines(now: registry.now) { line in logger.warning("\(line)") }
  }

  /// Between two welcomes, which say that the controller lives, leads and knows the time.
  package static let pace = Duration.seconds(1)

  package func connect(
    request: RPCAsyncSequence<FromHost, any Error>, response: RPCWriter<ToHost>, context: ServerContext
  ) async throws {
    let certified = try trust?.peer(of: context).identity.name
    let (outgoing, continuation) = AsyncThrowingStream.makeStream(
      of: ToHost.self, bufferingPolicy: .bufferingOldest(HostRegistry.Connection.unreadLimit))
    let peer = context.remotePeer
    let impatience = Task {
      try await Task.sleep(for: patience)
      refusals.add("refused \(peer): no greeting within \(patience)")
      continuation.finish(throwing: RPCError(code: .deadlineExceeded, message: "no greeting within \(patience)"))
    }
    defer { impatience.cancel() }
    // Whatever ends first ends the stream.
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for try await message in outgoing { try await response.write(message) }
      }
      group.addTask {
        try await read(request, continuation, from: peer, certified) { impatience.cancel() }
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
    var welcomes: Task<Void, Never>?
    defer { welcomes?.cancel() }
    do {
      for try await message in messages {
        if let link {
          try await take(message, link)
        } else {
          let greeted = try await greet(message, outgoing, from: peer, certified)
          link = greeted
          onGreeting()
          if greeted.repeatsGreetings { welcomes = Task { await repeatWelcome(greeted) } }
        }
      }
    } catch {
      reason = ((error as? RPCError)?.message ?? "\(error)").onOneLine
      if let link {
        await leave(link, reason)
      } else if !(error is CancellationError) {
        refusals.add("refused \(peer): \(reason)")
      }
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
      throw RPCError(
        code: .permissionDenied,
        message: "its certificate is host \(certified ?? "")'s, and it says that it is \(hello.host.prefix(255))")
    }
    let name = hello.host.prefix(255)
    guard let version = versions.common(with: hello.protocol) else {
      throw RPCError(
        code: .failedPrecondition,
        message: "the agent of \(name) (version \(hello.version.prefix(255))) speaks version "
          + "\(ProtocolVersions.number(hello.protocol)) of the protocol, and this controller takes \(versions): "
          + "upgrade transhumance on \(name)")
    }
    try checkLead()
    // Who isn't known doesn't raise epochs.
    if await registry.host(hello.host) != nil { try await rise(above: hello.epoch, heardBy: hello.host) }
    let number = try await registry.connect(hello, protocol: version, outgoing: outgoing)
    let offset = await registry.host(hello.host)?.clockOffsetSeconds ?? 0
    logger.info("\(hello.host) is connected", metadata: ["peer": "\(peer)", "clockOffsetSeconds": "\(offset)"])
    return HostLink(
      host: hello.host, number: number, protocolVersion: version, greeted: registry.now(), outgoing: outgoing)
  }

  private func checkLead() throws {
    guard registry.rank.isValid else {
      throw RPCError(code: .unavailable, message: "this controller may not lead any more")
    }
  }

  /// A host follows no leader of an epoch below one that it has heard of. Where that was another leader, this one is
  /// none any more; where the database was made anew, it goes on above.
  private func rise(above epoch: UInt64, heardBy host: String) async throws {
    let rank = registry.rank
    guard epoch > rank.epoch else { return }
    guard LeaderEpoch.isPlausible(epoch, after: rank.epoch) else {
      throw RPCError(
        code: .failedPrecondition,
        message: "\(host) says that it has heard of a leader of epoch \(epoch), and this is \(rank.epoch): that can't be. "
          + "Remove the file `epoch` in its agent's state folder, and start that anew")
    }
    do {
      try await rank.rise(above: epoch)
    } catch {
      throw RPCError(
        code: .unavailable,
        message: "\(host) has heard of a leader of epoch \(epoch), and this controller, of \(rank.epoch), can't rise above: "
          + "\(error)")
    }
    logger.notice("leads with epoch \(rank.epoch) from now on, since \(host) has heard of \(epoch)")
  }

  /// Until cancelled. Of a controller that may not lead any more hosts hear nothing, and look for another.
  private func repeatWelcome(_ link: HostLink) async {
    while (try? await clock.sleep(for: Self.pace)) != nil {
      guard registry.rank.isValid else { continue }
      do {
        try link.send(registry.welcome(link.protocolVersion))
      } catch {
        return link.outgoing.finish(throwing: error)
      }
    }
  }

  private func leave(_ link: HostLink, _ reason: String) async {
    logger.info("\(link.host) is disconnected: \(reason)")
    await registry.disconnect(link.host, link.number, reason: reason)
  }

  private func take(_ message: FromHost, _ link: HostLink) async throws {
    await registry.hear(link.host, link.number)
    switch message.content {
    case .hello(let hello):
      guard link.repeatsGreetings, hello.host == link.host else {
        throw RPCError(code: .invalidArgument, message: "a second greeting")
      }
      try await rise(above: hello.epoch, heardBy: link.host)
      await registry.readClock(of: link.host, link.number, time: Timestamp(nanoseconds: hello.time))
    case .report(let report):
      if !link.repeatsGreetings, await registry.problem(of: link.host) != nil, link.isOld(at: registry.now()) {
        throw RPCError(code: .aborted, message: "its clock was wrong, and is to be read again")
      }
      let refusal = try await refusal(of: report, from: link.host)
      if let refusal {
        refusals.add("refused report \(report.sequence) of \(link.host): \(refusal)")
      }
      try link.send(
        .with {
          $0.acknowledgement.incarnation = report.incarnation
          $0.acknowledgement.sequence = report.sequence
          $0.acknowledgement.refused = refusal ?? ""
        })
    case .state(let state):
      try await rise(above: state.epoch, heardBy: link.host)
      await registry.take(state, from: link.host, link.number)
    case .answer(let answer): await registry.take(answer, from: link.host)
    case nil: break
    }
  }

  /// Nil once the report is kept.
  private func refusal(of message: Transhumance_V1_SensorReport, from host: String) async throws -> String? {
    do {
      let report = try SensorReport(message)
      guard report.host == host else { return "a report of \(report.host) by \(host)" }
      if let problem = await registry.problem(of: host) { return "\(problem): set the clock of \(host) right" }
      try checkLead()
      try await intake.take(report)
      // Who has taken the lead meanwhile may have read the period before. It gets the report, too, and finds it there.
      try checkLead()
      await registry.noteReport(from: host, period: report.period.start, lostReports: report.lostReports)
      return nil
    } catch let error as WireError {
      return "\(error)"
    } catch let error as ReportRefusal {
      return error.reason
    } catch let error as RPCError {
      throw error
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
  /// Of the messages, that both speak.
  var protocolVersion: UInt32
  /// When.
  var greeted: Timestamp
  var outgoing: AsyncThrowingStream<ToHost, any Error>.Continuation

  var repeatsGreetings: Bool { protocolVersion >= ProtocolVersions.ofRepeatedGreetings }

  /// Whether a clock that was read by the greeting is to be read again, by another one.
  func isOld(at now: Timestamp) -> Bool { now.seconds - greeted.seconds >= 60 }

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
