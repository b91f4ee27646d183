import Agent
import Controller
import GRPCCore
import Model
import SwiftProtobuf
import Synchronization
import Testing
import Wire

/// A leader that greets and then stands still, as one that is paused does: its connections stay.
struct SilentLeaderTests {
  private let registry = HostRegistry(
    hosts: ["a1"], now: { Timestamp(nanoseconds: 5_000_000_000) }, rank: StandInRank(2))

  /// Another is dialled within three seconds, and takes what the first has left.
  @Test func anotherTakesItsPlace() async throws {
    let (registry, intake, lines) = (registry, TestIntake(), LogLines())
    try await withListener(SilentLeader()) { silent in
      try await withListener(registry, intake) { port in
        let host = try TestHost(port: port, otherPorts: [silent], logger: lines.logger)
        try await host.whileConnecting {
          await lines.said("connected to the controller at 127.0.0.1:\(silent)")
          await host.queue.put(.example(1))
          let start = host.clock.now
          await host.look { lines.contain("says nothing any more") }
          #expect(start.duration(to: host.clock.now) <= .seconds(3))
          await registry.wait(for: "a1")
          await host.acknowledged()
          #expect(await intake.reports == [.example(1)])
        }
      }
    }
  }

  /// One that is slow, beside controllers that stand by and listen nowhere, keeps its connection.
  @Test func itIsntLeftForNobody() async throws {
    let (registry, leader, lines) = (registry, SilentLeader(), LogLines())
    let gone = try await withListener(registry, TestIntake()) { $0 }
    try await withListener(leader) { silent in
      let host = try TestHost(port: gone, otherPorts: [silent], logger: lines.logger)
      try await host.whileConnecting {
        await lines.said("connected to the controller at 127.0.0.1:\(silent)")
        let start = host.clock.now
        await host.look { start.duration(to: host.clock.now) > .seconds(60) }
        #expect(lines.contain("says nothing any more") && leader.greetings == 1)
      }
    }
  }
}

extension TestHost {
  /// Lets time pass, each time as soon as somebody waits for the next look at the controller, until it is so.
  func look(until condition: @Sendable () async -> Bool) async {
    while await !condition() {
      await clock.sleeper(besides: [.seconds(2), Redialling.lasting])
      clock.advance(by: .milliseconds(200))
    }
  }
}

/// Greets, and says nothing more.
final class SilentLeader: ControllerAPI.SimpleServiceProtocol {
  private let count = Mutex(0)
  private let epoch: UInt64

  init(epoch: UInt64 = 1) { self.epoch = epoch }

  var greetings: Int { count.withLock { $0 } }

  func connect(
    request: RPCAsyncSequence<FromHost, any Error>, response: RPCWriter<ToHost>, context: ServerContext
  ) async throws {
    var messages = request.makeAsyncIterator()
    _ = try await messages.next()
    try await response.write(.with { ($0.welcome.protocol, $0.welcome.epoch) = (2, epoch) })
    count.withLock { $0 += 1 }
    while try await messages.next() != nil {}
  }
}
