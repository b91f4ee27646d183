import Agent
import Controller
import Model
import SwiftProtobuf
import Synchronization
import Testing
import Traffic
import Wire

/// A host whose clock is wrong stays connected; its reports are refused until it is right.
struct WrongClockTests {
  private let clock = SettableClock(1000)
  private let registry: HostRegistry

  init() {
    registry = HostRegistry(hosts: ["a1"], now: { [clock] in clock.now }, clockBound: 5)
  }

  private static func hello(_ version: UInt32, at seconds: Double) -> FromHost {
    .with {
      ($0.hello.host, $0.hello.protocol) = ("a1", version)
      $0.hello.time = Timestamp(seconds: seconds).nanoseconds
    }
  }

  private static func report(_ sequence: UInt64) -> FromHost { .with { $0.report = SensorReport.example(sequence).message } }

  @Test func refusedWhileWrongAndTakenOnceRight() async throws {
    let (registry, intake) = (registry, TestIntake())
    let events = EventLog(logger: silent, now: { Timestamp(nanoseconds: 0) })
    let watch = HostWatch(registry: registry, events: events) { _ in }
    let messages = [
      Self.hello(2, at: 1007), Self.report(1), Self.hello(2, at: 1008), Self.report(2), Self.hello(2, at: 1001),
      Self.report(3), Self.hello(2, at: 1001),
    ]
    try await withThrowingTaskGroup(of: Void.self) { group in
      let changes = await registry.changes()
      group.addTask { await watch.run(changes) }
      try await withListener(registry, intake, clock: ManualClock()) { port in
        try await withRawHost(port: port, sending: messages) { stream in
          let answers = try await stream.prefix(4).reduce(into: []) { $0.append($1) }
          let refusals = answers.dropFirst().map(\.acknowledgement.refused)
          #expect(refusals[0].contains("its clock is 7.0 s ahead of the controller's, and 5 s are allowed"))
          #expect(refusals[0].contains("set the clock of a1 right"))
          #expect(refusals[1].contains("8.0 s ahead") && refusals[2].isEmpty, "\(refusals)")
          #expect(await registry.host("a1")?.isConnected == true)
          while events.count < 3 { try? await Task.sleep(for: .milliseconds(2)) }
        }
      }
      group.cancelAll()
    }
    #expect(await intake.reports == [.example(3)])
    var texts: [String] = []
    for await event in events.events(since: Timestamp(nanoseconds: 0), follow: false) { texts.append(event.text) }
    #expect(
      texts.prefix(3) == [
        "a1 is connected",
        "reports of a1 are refused until its clock is right: "
          + "its clock is 7.0 s ahead of the controller's, and 5 s are allowed",
        "the clock of a1 is right again: its reports are taken",
      ])
  }

  /// An agent of the first version tells its time only when it connects: it has to do so again.
  @Test func anOlderAgentIsAskedToConnectAgain() async throws {
    let (registry, intake, clock) = (registry, TestIntake(), clock)
    try await withListener(registry, intake) { port in
      let host = try TestHost(port: port, time: 1_007_000_000_000, versions: ProtocolVersions(1...1))
      try await host.whileConnecting {
        await host.queue.put(.example(1))
        await host.acknowledged()
        clock.set(1061)
        await host.queue.put(.example(2))
        await registry.wait(for: "a1", connected: false)
        // By now its clock is right.
        clock.set(1006)
        await host.advanceUntil { await host.queue.count == 0 }
        #expect(await registry.host("a1")?.clockOffsetSeconds == 1)
      }
    }
    #expect(await intake.reports == [.example(2)])
  }

  /// Who is missing, and why.
  @Test func whyAReportIsMissingIsSaid() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      world.state.withLock { $0.problems = ["b2": "its clock is 7.0 s ahead of the controller's, and 5 s are allowed"] }
      let decider = world.decider(store)
      _ = try await decider.apply(LoopTests.document(mode: "automatic"))
      for _ in 0..<3 { world.pass(LoopTests.ring, missing: ["b2"]) }
      await decider.considerAll()
      let status = try #require(await decider.overview(.init()).applications.first)
      #expect(status.reason.contains("no report of b2 (its clock is 7.0 s ahead of the controller's"), "\(status.reason)")
    }
  }
}

/// The controller's time of day.
final class SettableClock: Sendable {
  private let seconds: Mutex<Double>
  init(_ seconds: Double) { self.seconds = Mutex(seconds) }
  var now: Timestamp { Timestamp(seconds: seconds.withLock { $0 }) }
  func set(_ seconds: Double) { self.seconds.withLock { $0 = seconds } }
}
