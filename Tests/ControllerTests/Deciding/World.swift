import Controller
import Foundation
import Logging
import Model
import Storage
import Synchronization
import Traffic
import SwiftProtobuf
import Wire

/// Two sites of two hosts, 5 ms apart, with VMs that a migration moves at once: what is around the loop.
final class World: HostControl {
  struct State {
    var places: [String: String] = [:]
    var connected: Set<String> = ["a1", "a2", "b1", "b2"]
    var epochs: [String: UInt64] = [:]
    /// Hosts that are held, since the beginning, and why.
    var held: [String: String] = [:]
    var migrations: [String] = []
    /// By whom each.
    var wanted: [String] = []
    /// What becomes of the next moves; done where there is no more.
    var results: [String] = []
    /// Of each move that is done.
    var transfer: (bytes: UInt64, seconds: Double) = (0, 0)
    var started: [String: String] = [:]
    /// VMs on no network of the fabric.
    var strangers: Set<String> = []
    /// Who else moves VMs, by what their hosts say.
    var managers: [String: String] = [:]
    /// VMs that no host starts.
    var refused: Set<String> = []
    var now = Timestamp(nanoseconds: 1_800_000_000_000_000_000)
    var periods: [GlobalPeriod] = []
    /// Why reports of hosts aren't taken.
    var problems: [String: String] = [:]
    /// Happens while the loop next looks at the hosts.
    var meanwhile: (@Sendable () async -> Void)?
  }
  let state = Mutex(State())

  static let federation = Federation(
    sites: ["a", "b"].map { site in
      Site(name: site, hosts: [1, 2].map { Host(name: "\(site)\($0)", vcpus: 4, memoryGiB: 4) })
    }, links: Links(betweenSites: Link(latencyMs: 5, bandwidthMbps: 1000)))

  /// - Parameter places: host of each VM.
  init(_ places: [String: String]) {
    state.withLock { $0.places = places }
  }

  var now: Timestamp { state.withLock { $0.now } }
  var places: [String: String] { state.withLock { $0.places } }
  var migrations: [String] { state.withLock { $0.migrations } }

  /// Ten seconds pass in which the pairs (each both ways) exchange so many packets and waits.
  func pass(_ pairs: [(String, String)], packets: UInt64 = 4000, turns: UInt64 = 400, missing: [String] = []) {
    state.withLock { state in
      let period = Period(containing: state.now, length: 10_000_000_000)
      var reports: [SensorReport] = []
      for host in ["a1", "a2", "b1", "b2"] where !missing.contains(host) {
        let own = state.places.filter { $0.value == host }.map(\.key).sorted()
        let counts = PairCounts(
          packets: packets, frameBytes: packets * 700, ipBytes: packets * 686, turns: turns, matched: turns,
          shares: turns * 1000)
        let both = pairs + pairs.map { ($0.1, $0.0) }
        reports.append(
          SensorReport(
            host: host, incarnation: 1, sequence: UInt64(state.periods.count + 1), period: period,
            vms: own.map { SensedVM(name: $0, cpuSeconds: 2, vcpus: 1, memory: 96 << 20) },
            received: both.filter { own.contains($0.1) }
              .map { .init(source: .name($0.0), destination: .name($0.1), counts: counts) },
            sent: both.filter { own.contains($0.0) }
              .map { .init(source: .name($0.0), destination: .name($0.1), counts: PairCounts(packets: packets)) }))
      }
      state.periods.append(
        GlobalPeriod(period: period, reports: reports, expectedHosts: ["a1", "a2", "b1", "b2"]))
      state.now = Timestamp(nanoseconds: period.start.nanoseconds + period.length)
    }
  }

  var reports: [HostReport] {
    state.withLock { state in
      state.connected.sorted().map { host in
        .with { report in
          report.name = host
          if let reason = state.held[host] {
            report.hold = .with { ($0.reason, $0.by, $0.since) = (reason, "root", 1_800_000_000_000_000_000) }
          }
          report.vms = state.places.filter { $0.value == host }.sorted { $0.key < $1.key }.map { vm, _ in
            .with {
              $0.name = vm
              $0.state = "running"
              $0.vcpus = 1
              $0.memoryBytes = 96 << 20
              $0.managedBy = state.managers[vm] ?? ""
              if state.strangers.contains(vm) { return }
              $0.entry.vm = vm
              $0.entry.host = host
              $0.entry.epoch = state.epochs[vm, default: 1]
            }
          }
        }
      }
    }
  }

  func hosts() async -> [Transhumance_V1_SensedHost] {
    let meanwhile = state.withLock { state in
      defer { state.meanwhile = nil }
      return state.meanwhile
    }
    await meanwhile?()
    return reports.map { report in .with { ($0.name, $0.connected, $0.report) = (report.name, true, report) } }
  }

  func problems() async -> [String: String] { state.withLock { $0.problems } }

  func migrate(
    _ request: MigrateRequest, at host: String, identifier: String, by: String
  ) async throws -> AsyncThrowingStream<MigrateProgress, any Error> {
    let (result, transfer) = state.withLock { state in
      state.migrations.append("\(request.vm) \(host) \(request.to)")
      state.wanted.append(by)
      let result = state.results.isEmpty ? "done" : state.results.removeFirst()
      if result == "done" {
        state.places[request.vm] = request.to
        state.epochs[request.vm, default: 1] += 1
      }
      return (result, state.transfer)
    }
    return AsyncThrowingStream { continuation in
      if result == "lost" { return continuation.finish(throwing: Gone()) }
      continuation.yield(
        .with {
          $0.finished.vm = request.vm
          $0.finished.from = host
          $0.finished.to = request.to
          $0.finished.result = result
          ($0.finished.transferBytes, $0.finished.totalSeconds) = (transfer.bytes, transfer.seconds)
          $0.finished.reason = result == "done" ? "" : "no room"
        })
      continuation.finish()
    }
  }

  struct Gone: Error {}

  func start(_ request: Transhumance_V1_StartRequest, at host: String, identifier: String, by: String) async throws {
    try state.withLock { state in
      if state.refused.contains(request.vm) { throw Gone() }
      state.started[request.vm] = request.definition
      state.places[request.vm] = host
    }
  }

  /// A loop over this world, with its own store.
  func decider(_ store: any Store, federation: Federation = World.federation) -> Decider {
    Decider(
      federation: federation, hosts: self, store: store, held: { self.state.withLock { $0.periods } },
      settings: DecisionSettings(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { self.now },
      pause: { _ in
        self.state.withLock { $0.now = $0.now.advanced(bySeconds: 1) }
        await Task.yield()
      })
  }
}

extension World {
  /// A loop that looks after the ring, has seen 30 s of it, and has done what it made of that.
  func decided(_ store: any Store, mode: String) async throws -> Decider {
    let decider = decider(store)
    _ = try await decider.apply(LoopTests.document(mode: mode))
    for _ in 0..<3 { pass(LoopTests.ring) }
    await decider.considerAll()
    await decider.settle()
    return decider
  }
}

/// A store in a folder of its own, for one test.
func withStore(_ body: (any Store) async throws -> Void) async throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "transhumance-decider-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try await body(SQLiteStore(path: folder.path + "/store.sqlite"))
}

extension Decider {
  /// What `apply` answers.
  func apply(_ document: String, file: String = "app.yaml", templates: [String: String] = [:]) async throws
    -> (outcome: String, reason: String, diagnostics: [String])
  {
    let request = Transhumance_V1_ApplyRequest.with {
      $0.file = file
      $0.document = Data(document.utf8)
      $0.templates = templates
    }
    let told = Mutex<[Transhumance_V1_ApplyProgress]>([])
    try await apply(request) { progress in told.withLock { $0.append(progress) } }
    let all = told.withLock { $0 }
    return (all.last?.result.outcome ?? "", all.last?.result.reason ?? "", all.map(\.diagnostic).filter { !$0.isEmpty })
  }

  func plans(of application: String) async -> [PlanRecord] {
    await overview(.with { $0.application = application }).plans
  }
}
