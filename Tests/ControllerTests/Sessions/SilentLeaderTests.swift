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

  @Test func anotherTakesItsPlace() async throws {
    let (registry, leader) = (registry, SilentLeader())
    try await withListener(leader) { silent in
      try await withListener(registry, TestIntake()) { port in
        let host = try TestHost(port: port, otherPorts: [silent])
        try await host.whileConnecting {
          await leader.greeted()
          #expect(await registry.host("a1")?.isConnected == false)
          await host.advanceGently { await registry.host("a1")?.isConnected == true }
        }
      }
    }
  }

  /// It is within three seconds that another is dialled: fourteen looks, each of a fifth of one.
  @Test func itIsWithinSeconds() async throws {
    let (registry, leader) = (registry, SilentLeader())
    try await withListener(leader) { silent in
      try await withListener(registry, TestIntake()) { port in
        let host = try TestHost(port: port, otherPorts: [silent])
        try await host.whileConnecting {
          await leader.greeted()
          let start = host.clock.now
          await host.advanceGently { await registry.host("a1")?.isConnected == true }
          #expect(start.duration(to: host.clock.now) <= .seconds(4))
        }
      }
    }
  }

  /// One that is slow, beside controllers that stand by and listen nowhere, keeps its connection.
  @Test func itIsntLeftForNobody() async throws {
    let (registry, leader) = (registry, SilentLeader())
    let gone = try await withListener(registry, TestIntake()) { $0 }
    try await withListener(leader) { silent in
      let lines = LogLines()
      let host = try TestHost(port: silent, otherPorts: [gone], logger: lines.logger)
      try await host.whileConnecting {
        await leader.greeted()
        await host.advanceGently { lines.contain("says nothing any more") }
        let start = host.clock.now
        await host.advanceGently { start.duration(to: host.clock.now) > .seconds(60) }
        #expect(leader.greetings == 1)
      }
    }
  }
}

extension TestHost {
  /// Lets time pass as whoever waits wants it, by steps no longer than theirs, until it is so.
  func advanceGently(_ condition: @Sendable () async -> Bool) async {
    while await !condition() {
      await clock.sleeper()
      clock.advance(by: .milliseconds(100))
      for _ in 0..<20 { await Task.yield() }
    }
  }
}

/// Greets, and says nothing more.
final class SilentLeader: ControllerAPI.SimpleServiceProtocol {
  private let count = Mutex(0)
  private let epoch: UInt64

  init(epoch: UInt64 = 1) { self.epoch = epoch }

  var greetings: Int { count.withLock { $0 } }

  func greeted() async {
    while greetings == 0 { await Task.yield() }
  }

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
