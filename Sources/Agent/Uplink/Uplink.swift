internal import GRPCCore
internal import GRPCNIOTransportHTTP2
package import Logging
package import Model
internal import SwiftProtobuf
internal import Synchronization
package import Trust
package import Wire

/// The host's connection to the controller: dialled from here, kept, and dialled anew when it was lost. Of several
/// controllers one serves at a time: they are dialled in turn, and the others also while one that served says nothing.
package struct Uplink: Sendable {
  let host: String
  /// Of the sensor: another one for each start.
  let incarnation: UInt64
  let periodNanoseconds: Int64
  /// At least one.
  let controllers: [HostConfiguration.Controller]
  /// Nil: in clear.
  let trust: PeerTrust?
  /// Read anew for each connection.
  let renewed: CredentialFiles?
  /// Where revoked certificates are written down of which the controller tells.
  let revocations: KeptRevocations?
  let reports: ReportQueue
  let commands: CommandDesk
  /// The host as it is now.
  let state: @Sendable () async -> HostReport
  let now: @Sendable () -> Timestamp
  let logger: Logger
  /// That waits are timed by.
  let clock: any Clock<Duration>
  /// Of the messages, that this host speaks.
  let versions: ProtocolVersions
  /// Leaders of a lower epoch aren't followed.
  let heard: HeardEpoch
  let redialling: SharedRedialling

  package init(
    host: String, incarnation: UInt64, periodNanoseconds: Int64,
    controllers: [HostConfiguration.Controller], trust: PeerTrust? = nil, renewed: CredentialFiles? = nil,
    revocations: KeptRevocations? = nil, reports: ReportQueue, commands: CommandDesk,
    state: @escaping @Sendable () async -> HostReport, now: @escaping @Sendable () -> Timestamp, logger: Logger,
    clock: any Clock<Duration> = ContinuousClock(), versions: ProtocolVersions = .own, heard: HeardEpoch = HeardEpoch()
  ) {
    (self.host, self.incarnation, self.periodNanoseconds) = (host, incarnation, periodNanoseconds)
    (self.controllers, self.trust, self.renewed, self.revocations) = (controllers, trust, renewed, revocations)
    (self.reports, self.commands) = (reports, commands)
    (self.state, self.now, self.logger, self.clock) = (state, now, logger, clock)
    (self.versions, self.heard) = (versions, heard)
    redialling = SharedRedialling(controllers: controllers.count)
  }

  static let version = "0.1.0"
  /// Between two reports of the host's state, which say that it lives.
  static let heartbeat = Duration.seconds(2)

  /// Returns, or throws, when the connection is lost.
  func connect(_ session: UplinkSession) async throws {
    let controller = controllers[session.turn]
    var settings = HTTP2ClientTransport.Posix.Config.defaults
    settings.connection.maxIdleTime = nil
    settings.connection.keepalive = .init(time: .seconds(20), timeout: .seconds(10), allowWithoutCalls: false)
    if let trust, let renewed {
      // What can't be read now was read before.
      if let credentials = try? renewed.load(for: host) { try trust.replace(credentials) }
    }
    let met = MetPeer()
    let security = try trust?.clientSecurity(expecting: .controller) { met.note($0) } ?? .plaintext
    try await withGRPCClient(
      transport: .http2NIOPosix(target: controller.target, transportSecurity: security, config: settings)
    ) { client in
      try await whileTrusted(met) { try await converse(ControllerAPI.Client(wrapping: client), session) }
    }
  }

  /// Ends the body, with the reason, when the controller's certificate is revoked or ends.
  private func whileTrusted(
    _ met: MetPeer, _ body: @escaping @Sendable () async throws -> Void
  ) async throws {
    guard let trust else { return try await body() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await body() }
      group.addTask {
        while true {
          try await clock.sleep(for: Self.heartbeat)
          if let peer = met.peer { try trust.require(peer) }
        }
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private func converse(
    _ client: ControllerAPI.Client<HTTP2ClientTransport.Posix>, _ session: UplinkSession
  ) async throws {
    let (outgoing, sender) = AsyncStream.makeStream(
      of: FromHost.self, bufferingPolicy: .bufferingOldest(Self.unsentLimit))
    sender.yield(.with { $0.hello = hello })
    let request = StreamingClientRequest<FromHost> { writer in
      for await message in outgoing { try await writer.write(stamped(message)) }
    }
    var options = CallOptions.defaults
    options.waitForReady = false
    try await client.connect(request: request, options: options) { response in
      var link: Int?
      do {
        try await withThrowingTaskGroup(of: Void.self) { group in
          defer { group.cancelAll() }
          for try await message in response.messages {
            session.hear()
            if link != nil { try await take(message, session) } else {
              guard case .welcome(let welcome)? = message.content else { continue }
              let version = try greet(welcome, session)
              link = await commands.connect { answer in Self.send(.with { $0.answer = answer }, sender) }
              group.addTask { await tellState(sender, version) }
              group.addTask { await sendReports(sender) }
              group.addTask {
                guard (try? await clock.sleep(for: Redialling.lasting)) != nil else { return }
                prove(session)
              }
            }
          }
        }
      } catch {
        if let link { await commands.disconnect(link) }
        throw error
      }
      if let link { await commands.disconnect(link) }
    }
  }

  /// So many messages may wait for the controller to read them.
  private static let unsentLimit = 1024

  private typealias Sender = AsyncStream<FromHost>.Continuation

  /// A controller that doesn't read is dialled anew.
  private static func send(_ message: FromHost, _ sender: Sender) {
    if case .dropped = sender.yield(message) { sender.finish() }
  }

  private var hello: Transhumance_V1_Hello {
    .with {
      $0.host = host
      $0.incarnation = incarnation
      $0.version = Self.version
      $0.periodNanoseconds = periodNanoseconds
      $0.protocol = versions.range.upperBound
    }
  }

  /// A greeting tells the time at which it is sent, and what is known then.
  private func stamped(_ message: FromHost) -> FromHost {
    guard case .hello(var hello)? = message.content else { return message }
    hello.time = now().nanoseconds
    hello.epoch = heard.highest
    return .with { $0.hello = hello }
  }

  // MARK: - A connection

  /// Why a controller is left.
  private struct Departure: Error, CustomStringConvertible {
    var description: String
  }

  /// - Returns: the version of the messages that both speak.
  /// - Throws: where another is to be dialled.
  private func greet(_ welcome: Transhumance_V1_Welcome, _ session: UplinkSession) throws -> UInt32 {
    guard let version = versions.common(with: welcome.protocol) else {
      throw Departure(
        description: "it (version \(welcome.version)) speaks version \(ProtocolVersions.number(welcome.protocol)) of the "
          + "protocol, and this agent (version \(Self.version)) takes \(versions): upgrade the controller")
    }
    try follow(welcome)
    session.greet(isPaced: version >= ProtocolVersions.ofRepeatedGreetings)
    let ahead = (Double(now().nanoseconds) - Double(welcome.time)) / 1e9
    logger.log(
      level: redialling.greet(turn: session.turn) ? .info : .debug,
      "connected to the controller at \(controllers[session.turn])", metadata: ["clockAheadSeconds": "\(ahead)"])
    return version
  }

  /// A controller that is followed by another isn't followed by this host; one that doesn't know epochs is.
  private func follow(_ welcome: Transhumance_V1_Welcome) throws {
    guard welcome.epoch == 0 || heard.hear(welcome.epoch) else {
      throw Departure(
        description: "it leads with epoch \(welcome.epoch), and this host has heard of a leader of \(heard.highest)")
    }
  }

  /// The connection is of use.
  private func prove(_ session: UplinkSession) {
    if redialling.prove() { logger.info("connected to the controller at \(controllers[session.turn]) again") }
  }

  private func take(_ message: ToHost, _ session: UplinkSession) async throws {
    switch message.content {
    case .welcome(let welcome): try follow(welcome)
    case .acknowledgement(let acknowledgement):
      if !acknowledgement.refused.isEmpty {
        logger.error(
          "the controller will never take report \(acknowledgement.sequence): \(acknowledgement.refused)")
      }
      await reports.acknowledge(incarnation: acknowledgement.incarnation, sequence: acknowledgement.sequence)
      prove(session)
    case .command(let command): await commands.take(command)
    case .revoked(let revoked): take(revoked)
    case nil: break
    }
  }

  /// Only a controller that is known by its certificate tells whose count for nothing.
  @inline(never) private func take(_ revoked: Transhumance_V1_RevokedCertificates) {
    guard let trust else { return }
    let told = revoked.serialNumbers.map { SerialNumber(bytes: $0) }
    // Whatever becomes of the disk.
    let taken = trust.revoke(told.lazy.filter { (1...SerialNumber.longest).contains($0.bytes.count) })
    if taken.count < told.count {
      logger.error(
        """
        the controller tells of \(told.count) revoked certificates, and \(told.count - taken.count) of them are let in \
        all the same: \(Revocations.most) are remembered, and serial numbers have \(SerialNumber.longest) bytes \
        at most; those of certificates that have ended can be taken out of the authority's `revoked`, and then of this \
        host's
        """)
    }
    do {
      let new = try revocations?.add(taken) ?? []
      if !new.isEmpty { logger.notice("\(new.count) more certificates are revoked") }
    } catch {
      logger.error("revoked certificates can't be written down, and count until this agent ends: \(error)")
    }
  }

  /// - Parameter version: of the messages; from the second on with a greeting each time.
  private func tellState(_ sender: Sender, _ version: UInt32) async {
    while !Task.isCancelled {
      if version >= ProtocolVersions.ofRepeatedGreetings { Self.send(.with { $0.hello = hello }, sender) }
      let state = await state()
      Self.send(.with { $0.state = state }, sender)
      try? await clock.sleep(for: Self.heartbeat)
    }
  }

  /// One at a time: the next when the last was acknowledged.
  private func sendReports(_ sender: Sender) async {
    var sent: UInt64?
    for await _ in await reports.changes() {
      if let sent, await reports.holds(sent) { continue }
      guard let (ordinal, message) = await reports.next() else { continue }
      sent = ordinal
      Self.send(.with { $0.report = message }, sender)
    }
  }
}
