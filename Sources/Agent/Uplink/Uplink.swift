internal import GRPCCore
internal import GRPCNIOTransportHTTP2
package import Logging
package import Model
internal import SwiftProtobuf
internal import Synchronization
package import Trust
package import Wire

/// The host's connection to the controller: dialled from here, kept, and dialled anew when it was lost. Of several
/// controllers one serves at a time: they are dialled in turn.
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
  private let redialling = SharedRedialling()

  package init(
    host: String, incarnation: UInt64, periodNanoseconds: Int64,
    controllers: [HostConfiguration.Controller], trust: PeerTrust? = nil, renewed: CredentialFiles? = nil,
    revocations: KeptRevocations? = nil, reports: ReportQueue, commands: CommandDesk, state: @escaping @Sendable () async -> HostReport,
    now: @escaping @Sendable () -> Timestamp, logger: Logger, clock: any Clock<Duration> = ContinuousClock()
  ) {
    (self.host, self.incarnation, self.periodNanoseconds) = (host, incarnation, periodNanoseconds)
    (self.controllers, self.trust, self.renewed, self.revocations) = (controllers, trust, renewed, revocations)
    (self.reports, self.commands) = (reports, commands)
    (self.state, self.now, self.logger, self.clock) = (state, now, logger, clock)
  }

  static let version = "0.1.0"
  /// Between two reports of the host's state, which say that it lives.
  static let heartbeat = Duration.seconds(2)

  /// Runs until cancelled.
  package func run() async {
    var turn = 0
    while !Task.isCancelled {
      let controller = controllers[turn]
      let reason: String
      do {
        try await connect(to: controller)
        reason = "it ended the connection"
      } catch {
        reason = error.dialReason
      }
      guard !Task.isCancelled else { return }
      turn = (turn + 1) % controllers.count
      let (wait, isTold) = redialling.lose(because: "no controller at \(controller): \(reason)", isLastOfAll: turn == 0)
      if isTold {
        let count = await reports.count
        logger.warning("no controller at \(controller): \(reason)", metadata: ["reportsKept": "\(count)"])
      }
      if let wait { try? await clock.sleep(for: wait) }
    }
  }

  /// Returns, or throws, when the connection is lost.
  private func connect(to controller: HostConfiguration.Controller) async throws {
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
      try await whileTrusted(met) { try await converse(ControllerAPI.Client(wrapping: client), at: controller) }
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
    _ client: ControllerAPI.Client<HTTP2ClientTransport.Posix>, at controller: HostConfiguration.Controller
  ) async throws {
    let (outgoing, sender) = AsyncStream.makeStream(
      of: FromHost.self, bufferingPolicy: .bufferingOldest(Self.unsentLimit))
    sender.yield(.with { $0.hello = hello })
    let request = StreamingClientRequest<FromHost> { writer in
      for await message in outgoing { try await writer.write(message) }
    }
    var options = CallOptions.defaults
    options.waitForReady = false
    try await client.connect(request: request, options: options) { response in
      var link: Int?
      do {
        try await withThrowingTaskGroup(of: Void.self) { group in
          defer { group.cancelAll() }
          for try await message in response.messages {
            if link != nil { await take(message, at: controller) } else {
              guard case .welcome(let welcome)? = message.content else { continue }
              greet(welcome, at: controller)
              link = await commands.connect { answer in Self.send(.with { $0.answer = answer }, sender) }
              group.addTask { await tellState(sender) }
              group.addTask { await sendReports(sender) }
              group.addTask {
                guard (try? await clock.sleep(for: Redialling.lasting)) != nil else { return }
                prove(controller)
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
      $0.time = now().nanoseconds
    }
  }

  // MARK: - A connection

  private func greet(_ welcome: Transhumance_V1_Welcome, at controller: HostConfiguration.Controller) {
    let ahead = (Double(now().nanoseconds) - Double(welcome.time)) / 1e9
    logger.log(
      level: redialling.greet() ? .info : .debug, "connected to the controller at \(controller)",
      metadata: ["clockAheadSeconds": "\(ahead)"])
  }

  /// The connection is of use.
  private func prove(_ controller: HostConfiguration.Controller) {
    if redialling.prove() { logger.info("connected to the controller at \(controller) again") }
  }

  private func take(_ message: ToHost, at controller: HostConfiguration.Controller) async {
    switch message.content {
    case .acknowledgement(let acknowledgement):
      if !acknowledgement.refused.isEmpty {
        logger.error(
          "the controller will never take report \(acknowledgement.sequence): \(acknowledgement.refused)")
      }
      await reports.acknowledge(incarnation: acknowledgement.incarnation, sequence: acknowledgement.sequence)
      prove(controller)
    case .command(let command): await commands.take(command)
    case .revoked(let revoked): take(revoked)
    case .welcome, nil: break
    }
  }

  /// Only a controller that is known by its certificate tells whose count for nothing.
  @inline(never) private func take(_ revoked: Transhumance_V1_RevokedCertificates) {
    guard let trust else { return }
    let serials = revoked.serialNumbers.map { SerialNumber(bytes: $0) }.filter { !$0.bytes.isEmpty }
    // Whatever becomes of the disk.
    trust.revoke(serials)
    do {
      let new = try revocations?.add(serials) ?? []
      if !new.isEmpty { logger.notice("\(new.count) more certificates are revoked") }
    } catch {
      logger.error("revoked certificates can't be written down, and count until this agent ends: \(error)")
    }
  }

  private func tellState(_ sender: Sender) async {
    while !Task.isCancelled {
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

/// The loop that dials and the connection have it in common.
private final class SharedRedialling: Sendable {
  private let state = Mutex(Redialling())

  func greet() -> Bool { state.withLock { $0.greet() } }
  func prove() -> Bool { state.withLock { $0.prove() } }

  /// - Returns: how long to wait, nil where another controller is to be dialled at once.
  func lose(because reason: String, isLastOfAll: Bool) -> (wait: Duration?, isTold: Bool) {
    state.withLock { state in
      guard isLastOfAll else { return (nil, state.isNews(reason)) }
      var generator = SystemRandomNumberGenerator()
      return state.lose(because: reason, using: &generator)
    }
  }
}

extension Error {
  /// What a person is told of a controller that can't be reached.
  fileprivate var dialReason: String {
    guard let error = self as? RPCError else { return "\(self)" }
    return error.message.isEmpty ? "\(error.code)" : error.message
  }
}
