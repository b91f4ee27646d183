import Agent
import Controller
import GRPCCore
import Model
import SwiftProtobuf
import Testing
import Wire

/// Leaders that come after one another, as hosts tell them apart.
struct EpochTests {
  private static func registry(_ rank: any LeaderRank) -> HostRegistry {
    HostRegistry(hosts: ["a1", "a2"], now: { Timestamp(nanoseconds: 5_000_000_000) }, rank: rank)
  }

  private static func hello(epoch: UInt64) -> FromHost {
    .with {
      ($0.hello.host, $0.hello.protocol, $0.hello.time) = ("a1", 2, 5_000_000_000)
      $0.hello.epoch = epoch
    }
  }

  /// Its database was made anew, and hosts know more of leaders than it.
  @Test func aControllerRisesAboveWhatHostsHaveHeardOf() async throws {
    let rank = StandInRank(1)
    let registry = Self.registry(rank)
    try await withListener(registry, TestIntake()) { port in
      try await withRawHost(port: port, sending: [Self.hello(epoch: 41)]) { stream in
        var answers = stream.makeAsyncIterator()
        #expect(try await answers.next()?.welcome.epoch == 42)
        _ = try await registry.run(.migrate(.with { $0.vm = "vm1" }), on: "a1", by: "alice")
        var answer = try await answers.next()
        // A second may have passed.
        while answer?.command.identifier.isEmpty == true { answer = try await answers.next() }
        let command = answer?.command
        #expect(command?.epoch == 42 && command?.by == "alice" && command?.migrate.by == "alice")
      }
    }
  }

  /// What a host hears of its peers comes with its state.
  @Test func aControllerRisesWhileItIsConnected() async throws {
    let rank = StandInRank(3)
    let state = FromHost.with { ($0.state.name, $0.state.epoch) = ("a1", 9) }
    try await withListener(Self.registry(rank), TestIntake()) { port in
      try await withRawHost(port: port, sending: [Self.hello(epoch: 3), state]) { _ in
        while rank.epoch < 10 { try? await Task.sleep(for: .milliseconds(2)) }
      }
    }
    #expect(rank.epoch == 10)
  }

  @Test(arguments: [
    (8, true, RPCError.Code.unavailable, "can't rise above"),
    (UInt64.max, false, .failedPrecondition, "that can't be. Remove the file `epoch`"),
  ])
  func whoLeadsNoMoreOrIsLiedToRefuses(
    epoch: UInt64, isOutranked: Bool, code: RPCError.Code, words: String
  ) async throws {
    let rank = StandInRank(7, isOutranked: isOutranked)
    let registry = Self.registry(rank)
    try await withListener(registry, TestIntake()) { port in
      let error = await #expect(throws: RPCError.self) {
        try await withRawHost(port: port, sending: [Self.hello(epoch: epoch)]) { for try await _ in $0 {} }
      }
      #expect(error?.code == code && error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
    #expect(rank.epoch == 7)
    #expect(await registry.host("a1")?.isConnected == false)
  }

  @Test func whoseLeaseHasRunOutCommandsNothing() async throws {
    let rank = StandInRank(7)
    let registry = Self.registry(rank)
    try await withListener(registry, TestIntake()) { port in
      try await TestHost(port: port, time: 5_000_000_000).whileConnecting {
        await registry.wait(for: "a1")
        rank.lapse()
        await #expect(throws: HostCommandError.notLeading) {
          _ = try await registry.run(.cancel(vm: "vm1"), on: "a1")
        }
      }
      // Nor does it take hosts.
      let error = await #expect(throws: RPCError.self) {
        try await withRawHost(port: port, sending: [Self.hello(epoch: 0)]) { for try await _ in $0 {} }
      }
      #expect(error?.code == .unavailable && error?.message == "this controller may not lead any more")
    }
  }

  /// The first controller is one whose lease another has taken: the host knows, and goes on to that; whether the old
  /// one finds out by the host's greeting, or welcomes it.
  @Test(arguments: [false, true]) func hostsLeaveAnOldLeader(findsOut: Bool) async throws {
    let new = Self.registry(StandInRank(5))
    let (heard, lines) = (HeardEpoch(), LogLines())
    _ = heard.hear(5)
    let old: any RegistrableRPCService =
      findsOut
      ? HostConnectionService(
        registry: Self.registry(StandInRank(4, isOutranked: true)), intake: TestIntake(), logger: silent)
      : SilentLeader(epoch: 4)
    try await withListener(old) { oldPort in
      try await withListener(new, TestIntake()) { newPort in
        let host = try TestHost(port: newPort, otherPorts: [oldPort], heard: heard, logger: lines.logger)
        try await host.whileConnecting {
          await new.wait(for: "a1")
          let words = findsOut ? "can't rise above" : "it leads with epoch 4, and this host has heard of a leader of 5"
          #expect(lines.contain(words))
        }
      }
    }
  }

  @Test func hostsRememberTheHighest() async throws {
    let heard = HeardEpoch()
    let registry = Self.registry(StandInRank(12))
    try await withListener(registry, TestIntake()) { port in
      try await TestHost(port: port, heard: heard).whileConnecting {
        while heard.highest < 12 { try? await Task.sleep(for: .milliseconds(2)) }
      }
    }
  }
}
