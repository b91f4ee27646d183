internal import GRPCCore
package import Model
internal import SwiftProtobuf
internal import Wire

/// The hosts of the federation as their connections tell them, and the way to tell them something.
package actor HostRegistry {
  /// The controller's end of a stream to a host.
  struct Connection {
    var number: UInt64
    var incarnation: UInt64
    var protocolVersion: UInt32
    var outgoing: AsyncThrowingStream<ToHost, any Error>.Continuation
  }

  nonisolated let now: @Sendable () -> Timestamp
  /// What hosts are told to know leaders by.
  nonisolated let rank: any LeaderRank
  /// Seconds by which a host's clock may differ from the controller's.
  private let clockBound: Double
  private var states: [String: HostState] = [:]
  var connections: [String: Connection] = [:]
  /// In the order in which they were given.
  var commands: [RunningCommand] = []
  /// What hosts are told of revoked certificates; nil: there are none.
  var revoked: ToHost?
  private var lastNumber: UInt64 = 0
  private var watchers: [UInt64: AsyncStream<HostChange>.Continuation] = [:]

  /// Put together when it is asked for, from what may be thousands of VMs; nil: something was told of a host since.
  private var situationNow: Situation?

  /// Unless another is set; seconds.
  package static let defaultClockBound = 5.0

  /// - Parameters:
  ///   - hosts: names of the hosts that may connect.
  ///   - clockBound: seconds by which a host's clock may differ, so that its reports are taken.
  package init(
    hosts: Set<String>, now: @escaping @Sendable () -> Timestamp, clockBound: Double = HostRegistry.defaultClockBound,
    rank: any LeaderRank = LoneRank()
  ) {
    (self.now, self.clockBound, self.rank) = (now, clockBound, rank)
    for name in hosts { states[name] = HostState(name: name) }
  }

  /// All that may connect, by name.
  package var hosts: [HostState] { states.values.sorted { $0.name < $1.name } }

  package func host(_ name: String) -> HostState? { states[name] }

  /// Where VMs run and how hosts are, by what those said last that are connected.
  package var situation: Situation {
    if let situationNow { return situationNow }
    let situation = Situation(reports: hosts.filter(\.isConnected).compactMap(\.report))
    situationNow = situation
    return situation
  }

  /// Puts another set of hosts in force; connections and commands of those that are no more in it end.
  package func admit(_ hosts: Set<String>) {
    for name in Set(states.keys).subtracting(hosts) {
      let reason = "\(name) is no more in the federation"
      end(name, RPCError(code: .permissionDenied, message: reason))
      abandonCommands(to: name, reason)
      states[name] = nil
    }
    for name in hosts where states[name] == nil { states[name] = HostState(name: name) }
  }

  /// Connections that are open.
  package var connectionCount: Int { connections.count }

  /// What changes from now on, for one watcher.
  package func changes() -> AsyncStream<HostChange> {
    let (stream, continuation) = AsyncStream.makeStream(of: HostChange.self, bufferingPolicy: .bufferingNewest(1024))
    lastNumber += 1
    let number = lastNumber
    watchers[number] = continuation
    continuation.onTermination = { [weak self] _ in
      Task { [weak self] in await self?.removeWatcher(number) }
    }
    return stream
  }

  private func removeWatcher(_ number: UInt64) { watchers[number] = nil }

  private func tell(_ change: HostChange) {
    situationNow = nil
    for watcher in watchers.values { watcher.yield(change) }
  }

  // MARK: - For the service

  /// A host has greeted. An earlier connection of it ends; what it was told and hasn't answered is sent again.
  ///
  /// - Parameter version: of the messages, that both speak.
  /// - Returns: the connection's number, which is to be given with all that comes over it.
  func connect(
    _ hello: Transhumance_V1_Hello, protocol version: UInt32,
    outgoing: AsyncThrowingStream<ToHost, any Error>.Continuation
  ) throws(RPCError) -> UInt64 {
    guard var state = states[hello.host] else {
      let more = states.count > 20 ? " and \(states.count - 20) more" : ""
      let known = states.keys.sorted().prefix(20).joined(separator: ", ") + more
      throw RPCError(
        code: .permissionDenied,
        message: "the controller's federation has no host \"\(hello.host.prefix(255))\"; its hosts are \(known)")
    }
    end(hello.host, RPCError(code: .aborted, message: "another connection of \(hello.host) took its place"))
    lastNumber += 1
    connections[hello.host] = Connection(
      number: lastNumber, incarnation: hello.incarnation, protocolVersion: version, outgoing: outgoing)
    let time = now()
    state.isConnected = true
    state.incarnation = hello.incarnation
    state.version = hello.version
    state.protocolVersion = version
    state.periodNanoseconds = hello.periodNanoseconds
    state.heard = time
    let clock = HostClock(bound: clockBound, time: Timestamp(nanoseconds: hello.time), at: time)
    state.clock = clock
    states[hello.host] = state
    outgoing.yield(welcome(version))
    if let revoked { outgoing.yield(revoked) }
    for command in commands where command.host == hello.host { send(command) }
    tell(.connected(host: hello.host))
    tell(.clock(host: hello.host, problem: clock.problem))
    return lastNumber
  }

  /// What a host is told at first, and again and again.
  nonisolated func welcome(_ version: UInt32) -> ToHost {
    .with {
      $0.welcome.time = now().nanoseconds
      $0.welcome.version = ControllerService.version
      $0.welcome.protocol = version
      $0.welcome.epoch = rank.epoch
    }
  }

  /// A host tells its time again.
  func readClock(of host: String, _ number: UInt64, time: Timestamp) {
    guard connections[host]?.number == number, var clock = states[host]?.clock else { return }
    let wasWrong = clock.isWrong
    clock.read(time, at: now())
    states[host]?.clock = clock
    if clock.isWrong != wasWrong { tell(.clock(host: host, problem: clock.problem)) }
  }

  /// Why reports of a host aren't taken; nil: they are.
  func problem(of host: String) -> String? { states[host]?.clock?.problem }

  /// Of all hosts of which there is one.
  var problems: [String: String] { states.compactMapValues { $0.isConnected ? $0.clock?.problem : nil } }

  /// A connection has ended; nothing to do where another took its place.
  func disconnect(_ host: String, _ number: UInt64, reason: String) {
    guard connections[host]?.number == number else { return }
    connections[host] = nil
    states[host]?.isConnected = false
    tell(.disconnected(host: host, reason: reason))
  }

  /// Something came over a connection.
  func hear(_ host: String, _ number: UInt64) {
    if connections[host]?.number == number { states[host]?.heard = now() }
  }

  func take(_ report: HostReport, from host: String, _ number: UInt64) {
    guard connections[host]?.number == number else { return }
    states[host]?.report = report
    tell(.reported(host: host))
  }

  /// A report of the host's sensor was kept.
  func noteReport(from host: String, period: Timestamp, lostReports: UInt64) {
    guard period >= states[host]?.latestPeriod ?? period else { return }
    states[host]?.latestPeriod = period
    states[host]?.lostReports = lostReports
  }

  /// Ends all connections, as the controller ends.
  package func close() {
    for host in connections.keys { end(host, RPCError(code: .unavailable, message: "the controller ends")) }
  }

  private func end(_ host: String, _ error: RPCError) {
    guard let connection = connections.removeValue(forKey: host) else { return }
    states[host]?.isConnected = false
    connection.outgoing.finish(throwing: error)
    tell(.disconnected(host: host, reason: error.message))
  }
}
