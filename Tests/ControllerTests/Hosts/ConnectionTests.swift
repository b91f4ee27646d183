import Agent
import Controller
import GRPCCore
import Model
import SwiftProtobuf
import Synchronization
import Testing
import Wire

struct ConnectionTests {
  private let registry = HostRegistry(hosts: ["a1", "a2"], now: { Timestamp(nanoseconds: 5_000_000_000) })

  @Test func stateAndClockAreKnown() async throws {
    let registry = registry
    #expect(await registry.situation.connected.isEmpty)
    try await withListener(registry, TestIntake()) { port in
      let host = try TestHost(incarnation: 77, port: port, time: 7_500_000_000)
      try await host.whileConnecting {
        for await change in await registry.changes() { if case .reported = change { break } }
        let state = try #require(await registry.host("a1"))
        #expect(state.isConnected && state.incarnation == 77 && state.report?.name == "a1")
        #expect(state.clockOffsetSeconds == 2.5)
        #expect(state.heard == Timestamp(nanoseconds: 5_000_000_000))
        #expect(state.periodNanoseconds == 30_000_000_000)
        #expect(await registry.host("a2")?.isConnected == false)
        #expect(await registry.situation.connected == ["a1"])
      }
      await registry.wait(for: "a1", connected: false)
      #expect(await registry.situation.connected.isEmpty)
    }
  }

  /// The first of its controllers isn't there, as one that stands by: the second is dialled without a wait.
  @Test func ofTwoControllersTheOneThatServesIsFound() async throws {
    let registry = registry
    let gone = try await withListener(HostRegistry(hosts: [], now: { Timestamp(nanoseconds: 0) }), TestIntake()) { $0 }
    try await withListener(registry, TestIntake()) { port in
      let host = try TestHost(port: port, otherPorts: [gone])
      try await host.whileConnecting { await registry.wait(for: "a1") }
    }
  }

  @Test func secondConnectionTakesThePlaceOfTheFirst() async throws {
    let registry = registry
    try await withListener(registry, TestIntake()) { port in
      let (first, second) = (try TestHost(incarnation: 1, port: port), try TestHost(incarnation: 2, port: port))
      try await first.whileConnecting {
        await registry.wait(for: "a1")
        let changes = await registry.changes()
        try await second.whileConnecting {
          var reason: String?
          for await change in changes {
            if case .disconnected(_, let words) = change { reason = words }
            if case .connected = change { break }
          }
          #expect(reason?.contains("took its place") == true)
          #expect(await registry.host("a1")?.incarnation == 2)
        }
      }
    }
  }

  @Test(arguments: [
    (FromHost.with { $0.hello.host = "zz" }, RPCError.Code.permissionDenied, "a1, a2"),
    (FromHost.with { $0.state.name = "a1" }, .invalidArgument, "greeting"),
    (FromHost(), .invalidArgument, "greeting"),
  ])
  func strangersAreRefused(_ first: FromHost, _ code: RPCError.Code, _ words: String) async throws {
    try await withListener(registry, TestIntake()) { port in
      let error = await #expect(throws: RPCError.self) {
        try await withRawHost(port: port, sending: [first]) { stream in for try await _ in stream {} }
      }
      #expect(error?.code == code)
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
  }

  @Test func silentStrangerIsCutOff() async throws {
    try await withListener(registry, TestIntake(), patience: .milliseconds(1)) { port in
      let error = await #expect(throws: RPCError.self) {
        try await withRawHost(port: port, sending: []) { stream in for try await _ in stream {} }
      }
      #expect(error?.code == .deadlineExceeded)
    }
  }

  @Test func hostOutOfTheFederationIsCutOff() async throws {
    let registry = registry
    try await withListener(registry, TestIntake()) { port in
      let error = await #expect(throws: RPCError.self) {
        try await withRawHost(port: port, sending: [.with { $0.hello.host = "a1" }]) { stream in
          for try await _ in stream { await registry.admit(["a2"]) }
        }
      }
      #expect(error?.code == .permissionDenied)
      #expect(await registry.hosts.map(\.name) == ["a2"])
    }
  }

  // MARK: - Commands

  /// The connection is lost while the host carries it out; it comes again, and is carried out once.
  @Test func commandIsCarriedOutOnce() async throws {
    let registry = registry
    let port = try LoopbackPort()
    let (gate, open) = AsyncStream.makeStream(of: Void.self)
    let (begun, tellBegun) = AsyncStream.makeStream(of: Void.self)
    let count = Count()
    let host = try TestHost(port: port.number) { command, _, tell in
      count.add()
      await tell(.with { $0.step.step = "copying" })
      tellBegun.finish()
      for await _ in gate {}
      await tell(.with { $0.finished.result = "done" })
      return command.migrate.vm == "vm1" ? "" : "another VM"
    }
    try await host.whileConnecting {
      let answers = try await withListener(registry, TestIntake(), at: port) { _ in
        await host.advanceUntil { await registry.host("a1")?.isConnected == true }
        let answers = try await registry.run(.migrate(.with { $0.vm = "vm1" }), on: "a1")
        for await _ in begun {}
        return answers
      }
      await registry.wait(for: "a1", connected: false)
      open.finish()
      try await withListener(registry, TestIntake(), at: port) { _ in
        let waiting = Task { await host.advanceUntil { Task.isCancelled } }
        var results: [String] = []
        for try await answer in answers { results.append(answer.step.step + answer.finished.result) }
        waiting.cancel()
        // Its step may have come before, or been lost with the connection.
        #expect(results.last == "done")
      }
    }
    #expect(count.value == 1)
  }

  @Test func hostsThatComeAndGoAreTold() async throws {
    let registry = registry
    let events = EventLog(logger: silent, now: { Timestamp(nanoseconds: 0) })
    let watch = HostWatch(registry: registry, events: events) { _ in }
    let told = Task {
      var texts: [String] = []
      for await event in events.events(since: Timestamp(nanoseconds: 0), follow: true) {
        texts.append(event.text.prefix { $0 != ":" }.description)
        if texts.count == 3 { break }
      }
      return texts
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      let changes = await registry.changes()
      group.addTask { await watch.run(changes) }
      try await withListener(registry, TestIntake()) { port in
        for incarnation: UInt64 in 1...2 {
          try await TestHost(incarnation: incarnation, port: port).whileConnecting { await registry.wait(for: "a1") }
          await registry.wait(for: "a1", connected: false)
          while events.count < incarnation * 2 { try? await Task.sleep(for: .milliseconds(2)) }
        }
      }
      group.cancelAll()
    }
    #expect(await told.value == ["a1 is connected", "a1 is silent", "a1 is back"])
  }

  @Test func hostsThatAreHeldAreTold() async throws {
    let registry = registry
    let events = EventLog(logger: silent, now: { Timestamp(nanoseconds: 0) })
    let (count, heldOrLetGo) = (Count(), Count())
    let watch = HostWatch(registry: registry, events: events, pause: { _ in }, heldOrLetGo: { heldOrLetGo.add() })
    let told = Task {
      var texts: [String] = []
      for await event in events.events(since: Timestamp(nanoseconds: 0), follow: true)
      where event.text.contains("held") {
        texts.append("\(event.level): \(event.text)")
        count.add()
        if texts.count == 2 { break }
      }
      return texts
    }
    let held = FromHost.with { $0.state.hold = .with { ($0.reason, $0.by) = ("a fan", "root") } }
    try await withThrowingTaskGroup(of: Void.self) { group in
      let changes = await registry.changes()
      group.addTask { await watch.run(changes) }
      try await withListener(registry, TestIntake()) { port in
        // Each is seen before the next is told; nothing is told twice.
        for (number, state) in [held, FromHost.with { $0.state = .init() }].enumerated() {
          try await withRawHost(port: port, sending: [.with { $0.hello.host = "a1" }, state, state]) { _ in
            while count.value <= number || heldOrLetGo.value < number { try? await Task.sleep(for: .milliseconds(2)) }
          }
        }
      }
      group.cancelAll()
    }
    let expected = ["warning: a1 is held by root since 1970-01-01T00:00:00Z: a fan", "info: a1 isn't held any more"]
    #expect(await told.value == expected)
    // That it is held was heard first of it: nothing has changed by that.
    #expect(heldOrLetGo.value == 1)
  }

  @Test func failureOfACommandIsTold() async throws {
    let registry = registry
    try await withListener(registry, TestIntake()) { port in
      let host = try TestHost(port: port) { _, _, _ in "no room" }
      try await host.whileConnecting {
        await registry.wait(for: "a1")
        let answers = try await registry.run(.cancel(vm: "vm1"), on: "a1")
        await #expect(throws: HostCommandError.failed(host: "a1", reason: "no room")) {
          for try await _ in answers {}
        }
      }
    }
    await #expect(throws: HostCommandError.notConnected(host: "a2")) {
      try await registry.run(.cancel(vm: "vm1"), on: "a2")
    }
  }
}

private final class Count: Sendable {
  private let count = Mutex(0)
  var value: Int { count.withLock { $0 } }
  func add() { count.withLock { $0 += 1 } }
}
