import Agent
import Controller
import Foundation
import GRPCCore
import Model
import SwiftProtobuf
import Testing
import Traffic
import Wire

/// Hosts and controllers of other versions.
struct VersionTests {
  private let registry = HostRegistry(
    hosts: ["a1"], now: { Timestamp(nanoseconds: 5_000_000_000) }, rank: StandInRank(7))

  /// By `protoc --encode` of the first version's messages: `hello { host: "a1" incarnation: 1 version: "0.1.0"
  /// period_nanoseconds: 30000000000 time: 5000000000 }` and `state { name: "a1" site: "a" }`.
  private static let greeting = "0a 23 0a02 6131 11 0100000000000000 1a05 302e312e30 20 80d88ee16f 29 00f2052a01000000"
  private static let state = "1a 07 0a02 6131 1201 61"

  private static func message(_ hexadecimal: String) throws -> FromHost {
    let digits = Array(hexadecimal.filter { $0 != " " })
    let bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...($0 + 1)]), radix: 16) ?? 0 }
    return try FromHost(serializedBytes: bytes)
  }

  /// An agent of the first version: it gets what it knows, and nothing else.
  @Test func agentsOfTheFirstVersionWork() async throws {
    let (registry, intake, clock) = (registry, TestIntake(), ManualClock())
    let messages = [
      try Self.message(Self.greeting), try Self.message(Self.state),
      .with { $0.report = SensorReport.example(1).message },
    ]
    #expect(messages[0].hello.host == "a1" && messages[0].hello.time == 5_000_000_000)
    #expect(try (messages[0].serializedBytes() as [UInt8]).count == Self.greeting.filter { $0 != " " }.count / 2)
    try await withListener(registry, intake, clock: clock) { port in
      try await withRawHost(port: port, sending: messages) { stream in
        var answers = stream.makeAsyncIterator()
        #expect(try await answers.next()?.welcome.protocol == 1)
        #expect(try await answers.next()?.acknowledgement.refused.isEmpty == true)
        let state = await registry.host("a1")
        #expect(state?.report?.site == "a" && state?.protocolVersion == 1)
        // No welcome comes again, however long it is connected.
        clock.advance(by: .seconds(60))
        _ = try await registry.run(.cancel(vm: "vm1"), on: "a1", by: "alice")
        let command = try await answers.next()?.command
        #expect(command?.cancel.vm == "vm1")
      }
    }
    #expect(await intake.reports == [.example(1)])
  }

  @Test func agentsOfThisVersionHearOfTheControllerAgainAndAgain() async throws {
    let (registry, clock) = (registry, ManualClock())
    try await withListener(registry, TestIntake(), clock: clock) { port in
      let hello = FromHost.with { ($0.hello.host, $0.hello.protocol, $0.hello.time) = ("a1", 2, 5_000_000_000) }
      try await withRawHost(port: port, sending: [hello]) { stream in
        var answers = stream.makeAsyncIterator()
        for _ in 0..<3 {
          let welcome = try await answers.next()?.welcome
          #expect(welcome?.protocol == 2 && welcome?.epoch == 7 && welcome?.time == 5_000_000_000)
          #expect(await clock.sleeper() == HostConnectionService.pace)
          clock.advance(by: HostConnectionService.pace)
        }
      }
    }
  }

  @Test func whoIsTooOldIsToldToUpgrade() async throws {
    try await withListener(registry, TestIntake(), versions: ProtocolVersions(2...3)) { port in
      let error = await #expect(throws: RPCError.self) {
        try await withRawHost(port: port, sending: [try Self.message(Self.greeting)]) { for try await _ in $0 {} }
      }
      #expect(error?.code == .failedPrecondition)
      let words =
        "the agent of a1 (version 0.1.0) speaks version 1 of the protocol, and this controller takes 2 to 3: "
        + "upgrade transhumance on a1"
      #expect(error?.message == words)
    }
  }

  @Test func aControllerThatIsTooOldIsToBeUpgraded() async throws {
    let (registry, lines) = (registry, LogLines())
    try await withListener(registry, TestIntake(), versions: ProtocolVersions(1...1)) { port in
      let host = try TestHost(port: port, versions: ProtocolVersions(2...2), logger: lines.logger)
      try await host.whileConnecting {
        await lines.said("it (version 0.1.0) speaks version 1 of the protocol, and this agent")
        #expect(lines.contain("takes 2: upgrade the controller"))
      }
    }
  }

  @Test(arguments: [(0, 1), (1, 1), (2, 2), (9, 2)])
  func theLowerOfTheHighestCounts(stated: UInt32, common: UInt32) {
    #expect(ProtocolVersions(1...2).common(with: stated) == common)
    #expect(ProtocolVersions(2...2).common(with: stated) == (stated < 2 ? nil : 2))
  }
}
