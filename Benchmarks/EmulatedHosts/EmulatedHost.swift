import Agent
import Linux
import Logging
import Model
import SwiftProtobuf
import Traffic
import Trust
import Wire

/// A host of the workload: the agents' own spool, queue and uplink, fed with made-up reports.
struct EmulatedHost: Sendable {
  struct Setting: Sendable {
    var workload: Workload
    /// Nanoseconds.
    var length: Int64
    var controllers: [HostConfiguration.Controller]
    /// Folder of all hosts.
    var folder: String
    /// Bytes of a host's reports.
    var spoolLimit: Int
    var ledger: Ledger?
  }

  let name: String
  let record = HostRecord()
  private let setting: Setting
  private let traffic: HostTraffic
  private let incarnation: UInt64
  private let queue: ReportQueue
  private let uplink: Uplink

  /// - Parameter trust: nil: in clear.
  init(_ number: Int, _ setting: Setting, trust: PeerTrust?) throws {
    name = Workload.hostName(number)
    (self.setting, traffic) = (setting, HostTraffic(setting.workload, host: number))
    incarnation = .random(in: 1 ... .max)
    let (name, record) = (name, record)
    let logger = Logger(label: name) { _ in RecordingLog(host: name, record: record) }
    let folder = "\(setting.folder)/\(name)"
    let spool = try Spool(SpoolFolder(path: folder + "/reports"), limit: setting.spoolLimit, logger: logger)
    record.find(spool.count)
    queue = ReportQueue(spool)
    let desk = try CommandDesk(path: folder + "/commands", logger: logger) { _, _, _ in
      "an emulated host carries nothing out"
    }
    let state = traffic.state
    uplink = Uplink(
      host: name, incarnation: incarnation, periodNanoseconds: setting.length, controllers: setting.controllers,
      trust: trust, reports: queue, commands: desk, state: { state }, now: { .now }, logger: logger)
  }

  /// Dials and sends until cancelled.
  func connect() async { await uplink.run() }

  /// Looks what has been acknowledged, until cancelled.
  func watch() async {
    for await _ in await queue.changes() { await settle() }
  }

  /// Of what is made while this reads nothing is taken to be acknowledged.
  func settle() async {
    let made = record.now.made
    record.acknowledge(made - (await queue.count))
  }

  /// Reports each period when it ends; those that have begun already are left out, as by an agent that starts.
  func report(_ periods: [Period]) async throws {
    let beginning = Timestamp.now
    var sequence: UInt64 = 0
    for period in periods where period.start >= beginning {
      sequence += 1
      // Made beforehand: hundred hosts have hundred machines for it.
      let report = traffic.report(of: period, incarnation: incarnation, sequence: sequence)
      try await Self.sleep(until: period.end)
      await queue.put(report)
      try setting.ledger?.note(name, period)
      record.make(period.end)
      await settle()
    }
  }

  /// - Returns: whether all was acknowledged in that time.
  func empty(within patience: Duration) async throws -> Bool {
    let end = ContinuousClock.now + patience
    while record.now.acknowledged < record.now.made, .now < end {
      try await Task.sleep(for: .milliseconds(20))
      await settle()
    }
    return record.now.acknowledged == record.now.made
  }

  private static func sleep(until instant: Timestamp) async throws {
    while true {
      let rest = instant.nanoseconds - Timestamp.now.nanoseconds
      guard rest > 0 else { return }
      try await Task.sleep(for: .nanoseconds(min(rest, 1_000_000_000)))
    }
  }
}
