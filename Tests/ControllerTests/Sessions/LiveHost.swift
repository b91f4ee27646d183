import Agent
import Foundation
import Logging
import Model
import Synchronization
import SwiftProtobuf
import Wire

/// A host with the client code of a real agent, on this machine's clocks; of its VMs it knows what the map says.
final class LiveHost: Sendable {
  private struct State {
    /// By name; the map's epoch of each.
    var vms: [String: UInt64]
    var commands: [Transhumance_V1_Command] = []
  }

  let name: String
  let queue: ReportQueue
  let heard: HeardEpoch
  private let uplink: Uplink
  private let world: World

  /// What the uplink asks and tells.
  private final class World: Sendable {
    let name: String
    let state: Mutex<State>

    init(_ name: String, _ vms: [String: UInt64]) {
      self.name = name
      state = Mutex(State(vms: vms))
    }

    func report(_ epoch: UInt64) -> HostReport {
      .with { report in
        (report.name, report.epoch, report.vcpus) = (name, epoch, 4)
        report.vms = state.withLock { $0.vms }.sorted { $0.key < $1.key }.map { vm, epoch in
          .with {
            ($0.name, $0.state, $0.vcpus, $0.memoryBytes) = (vm, "running", 1, 96 << 20)
            ($0.entry.vm, $0.entry.host, $0.entry.epoch) = (vm, name, epoch)
          }
        }
      }
    }

    func carryOut(_ command: Transhumance_V1_Command) {
      state.withLock { state in
        state.commands.append(command)
        if case .start(let request)? = command.content { state.vms[request.vm] = 1 }
      }
    }
  }

  init(_ name: String, vms: [String: UInt64], controllers ports: [Int], in folder: String) throws {
    self.name = name
    let folder = "\(folder)/\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let (world, heard) = (World(name, vms), HeardEpoch(folder: folder, logger: silent))
    queue = ReportQueue(try Spool(try SpoolFolder(path: folder + "/reports"), logger: silent))
    let desk = try CommandDesk(path: folder + "/commands", logger: silent, heard: heard) { command, _, _ in
      world.carryOut(command)
      return ""
    }
    uplink = Uplink(
      host: name, incarnation: 9, periodNanoseconds: 30_000_000_000,
      controllers: ports.map { .init(address: IPAddress(v4: 0x7f00_0001), port: $0) }, reports: queue, commands: desk,
      state: { world.report(heard.highest) }, now: { .today }, logger: silent, heard: heard)
    (self.world, self.heard) = (world, heard)
  }

  /// Until cancelled.
  func run() async { await uplink.run() }

  /// That it has carried out.
  var commands: [Transhumance_V1_Command] { world.state.withLock { $0.commands } }

  /// Returns when a controller has acknowledged all reports.
  func acknowledged() async {
    for await _ in await queue.changes() where await queue.count == 0 { return }
  }
}

extension Timestamp {
  /// By this machine's clock.
  static var today: Timestamp { Timestamp(seconds: Date().timeIntervalSince1970) }
}
