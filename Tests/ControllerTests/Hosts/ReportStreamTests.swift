import Agent
import Controller
import GRPCCore
import Model
import SwiftProtobuf
import Testing
import Traffic
import Wire

struct ReportStreamTests {
  private let registry = HostRegistry(hosts: ["a1", "a2"], now: { Timestamp(nanoseconds: 5_000_000_000) })

  @Test func acknowledgedOnlyWhenKept() async throws {
    let intake = TestIntake(.gated)
    try await withListener(registry, intake) { port in
      let host = try TestHost(port: port)
      try await host.whileConnecting {
        await host.queue.put(.example(1))
        await intake.arrival(of: 1)
        #expect(await host.queue.count == 1)
        await intake.open()
        await host.acknowledged()
        #expect(await intake.reports == [.example(1)])
        #expect(await registry.host("a1")?.latestPeriod == Timestamp(nanoseconds: 30_000_000_000))
      }
    }
  }

  /// Who has taken the lead meanwhile may have read the period before.
  @Test func whatIsKeptAfterTheLeadIsLostIsNotAcknowledged() async throws {
    let (rank, intake) = (StandInRank(1), TestIntake(.gated))
    let registry = HostRegistry(hosts: ["a1"], now: { Timestamp(nanoseconds: 5_000_000_000) }, rank: rank)
    let messages: [FromHost] = [
      .with { $0.hello.host = "a1" }, .with { $0.report = SensorReport.example(1).message },
    ]
    try await withListener(registry, intake) { port in
      async let lapse: Void = {
        await intake.arrival(of: 1)
        rank.lapse()
        await intake.open()
      }()
      let error = await #expect(throws: RPCError.self) {
        try await withRawHost(port: port, sending: messages, thenEnds: true) { stream in
          for try await answer in stream { #expect(answer.acknowledgement.sequence == 0) }
        }
      }
      #expect(error?.code == .unavailable)
      await lapse
    }
    // It isn't even asked to keep another.
    #expect(await intake.reports.count == 1)
  }

  /// What couldn't be kept comes again, and once only.
  @Test func comesAgainUntilKept() async throws {
    let intake = TestIntake(.failingOnce)
    try await withListener(registry, intake) { port in
      let host = try TestHost(port: port)
      try await host.whileConnecting {
        await host.queue.put(.example(1))
        await host.queue.put(.example(2))
        await intake.arrival(of: 1)
        await registry.wait(for: "a1", connected: false)
        #expect(await host.queue.count == 2)
        await host.advanceUntil { await host.queue.count == 0 }
        #expect(await intake.reports == [.example(1), .example(1), .example(2)])
      }
    }
  }

  /// A controller that keeps nothing greets each time, and is dialled ever more seldom all the same.
  @Test func controllerThatKeepsNothingIsSpared() async throws {
    let intake = TestIntake(.failing)
    try await withListener(registry, intake) { port in
      let host = try TestHost(port: port)
      try await host.whileConnecting {
        await host.queue.put(.example(1))
        var waits: [Duration] = []
        for attempt in 1...12 {
          await intake.arrival(of: attempt)
          // While it was connected it also slept between two reports of its state.
          let wait = await host.clock.sleeper(besides: [.seconds(2), Redialling.lasting])
          waits.append(wait)
          host.clock.advance(by: wait)
        }
        #expect(waits.suffix(2).allSatisfy { $0 >= .seconds(8) }, "\(waits)")
      }
    }
  }

  @Test func controllerIsAwayAndBack() async throws {
    let port = try LoopbackPort()
    let host = try TestHost(port: port.number)
    let (registry, intake) = (registry, TestIntake())
    try await host.whileConnecting {
      for sequence in 1...5 { await host.queue.put(.example(UInt64(sequence))) }
      await host.clock.sleeper()
      try await withListener(registry, intake, at: port) { _ in
        await host.advanceUntil { await host.queue.count == 0 }
      }
      // It is gone again, and back.
      await registry.wait(for: "a1", connected: false)
      await host.queue.put(.example(6))
      try await withListener(registry, intake, at: port) { _ in
        await host.advanceUntil { await host.queue.count == 0 }
      }
    }
    #expect(await intake.reports.map(\.sequence) == [1, 2, 3, 4, 5, 6])
  }

  @Test func refusedIsNotSentForEver() async throws {
    let intake = TestIntake(.refusing("of a period long gone"))
    try await withListener(registry, intake) { port in
      let host = try TestHost(port: port)
      try await host.whileConnecting {
        await host.queue.put(.example(1))
        await host.acknowledged()
      }
    }
    #expect(await intake.reports.count == 1)
  }

  @Test(arguments: ["columns", "host"]) func liesAreRefused(_ lie: String) async throws {
    let intake = TestIntake()
    var message = SensorReport.example(7, host: lie == "host" ? "a2" : "a1").message
    if lie == "columns" { message.received.packets = [1] }
    let messages: [FromHost] = [
      .with { $0.hello.host = "a1" }, .with { [message] in $0.report = message },
      .with { $0.report = SensorReport.example(8).message },
    ]
    try await withListener(registry, intake) { port in
      let answers = try await withRawHost(port: port, sending: messages) { stream in
        try await stream.prefix(3).reduce(into: []) { $0.append($1) }
      }
      #expect(answers[0].welcome.time == 5_000_000_000)
      #expect(answers[1].acknowledgement.sequence == 7)
      #expect(!answers[1].acknowledgement.refused.isEmpty)
      #expect(answers[2].acknowledgement.refused.isEmpty)
    }
    #expect(await intake.reports == [.example(8)])
  }
}

extension TestHost {
  /// Lets time pass, past whatever back-off, until it is so.
  func advanceUntil(_ condition: @Sendable () async -> Bool) async {
    while await !condition() {
      clock.advance(by: .seconds(13))
      try? await Task.sleep(for: .milliseconds(2))
    }
  }
}
