import Foundation
import Testing

/// The relay between real namespaces, with real packets. Times are bounded from below by what the line says, and
/// loosely from above: other work may go on.
@Suite struct LabWANTests {
  struct Outcome: Decodable {
    struct Status: Decodable {
      struct Direction: Decodable {
        var from: String
        var to: String
        var cut: Bool
        var latencyMs: Double
        var bandwidthMbps: Double?
        var packets: Int
        var bytes: Int
        var droppedByQueue: Int
        var droppedByCut: Int
      }
      struct Late: Decodable { var packets: Int }
      struct Relay: Decodable {
        var unroutable: Int
        var refused: Int
        var droppedByBuffers: Int
      }
      var sites: [String]
      var pairs: [Direction]
      var lateness: Late
      var relay: Relay
    }
    struct Pings: Decodable {
      var sent: Int
      var received: Int
      var medianMs: Double?
      var leastMs: Double?
    }
    struct Transfer: Decodable {
      var bytes: Int
      var seconds: Double
      var back: Bool
      var there: Bool
    }
    var start: Status
    var table: String
    var pings: Pings
    var counted: Status
    var transfer: Transfer
    var faster: Pings
    var narrow: Pings
    var narrowed: Status
    var cut: Pings
    var healed: Status
    var duringCut: Status
    var survivor: Transfer
    /// Of a request for a site that isn't there.
    var unknownCode: Int
    var unknownError: String
    var devices: String
  }

  @Test(.enabled(if: getuid() == 0, "needs root"), .timeLimit(.minutes(2)))
  func joinsTwoSites() async throws {
    let outcome = try await withTemporaryFolder { folder in
      let inside = "unshare --net --pid --fork --mount-proc --kill-child"
      let command = try await Command.shell(
        "exec \(inside) python3 Tests/Fixtures/two-sites.py \"$TRANSHUMANCE\" '\(folder.path)'")
      try #require(command.code == 0, "\(command.error)")
      return try JSONDecoder().decode(Outcome.self, from: Data(command.output.utf8))
    }
    checkCounts(outcome)
    checkTimes(outcome)
    checkCut(outcome)
    #expect(outcome.unknownCode == 1)
    #expect(outcome.unknownError.contains("no site x; there are a, b"))
    // The devices are there as long as the relay.
    #expect(!outcome.devices.contains("wan0"))
    #expect(outcome.devices.contains("lan"))
  }

  private func checkCounts(_ outcome: Outcome) {
    #expect(outcome.start.sites == ["a", "b"])
    #expect(outcome.start.pairs.map { [$0.from, $0.to] } == [["a", "b"], ["b", "a"]])
    #expect(outcome.start.pairs.allSatisfy { $0.packets == 0 && $0.latencyMs == 20 && $0.bandwidthMbps == nil })
    #expect(outcome.table.hasPrefix("FROM"))
    #expect(outcome.pings.received == 100)
    // 100 bytes, 8 of UDP and 20 of IPv4.
    #expect(outcome.counted.pairs.map(\.packets) == [100, 100])
    #expect(outcome.counted.pairs.map(\.bytes) == [12_800, 12_800])
    #expect(outcome.counted.lateness.packets == 200)
    #expect(outcome.transfer.back && outcome.transfer.there)
    #expect(outcome.healed.relay.unroutable == 0)
    #expect(outcome.healed.relay.refused == 0)
    #expect(outcome.healed.relay.droppedByBuffers == 0)
  }

  private func checkTimes(_ outcome: Outcome) {
    #expect((40..<60).contains(outcome.pings.leastMs ?? 0))
    #expect((40..<80).contains(outcome.pings.medianMs ?? 0))
    #expect(outcome.faster.received == 50)
    #expect((10..<25).contains(outcome.faster.leastMs ?? 0))
    // 200 datagrams of 1,428 bytes at once: a packet takes 1.14 ms at 10 Mb/s, the line lets one wait for 52 ms, which
    // are 46 packets, and as many more as leave while the others are being sent.
    #expect((46..<200).contains(outcome.narrow.received))
    #expect(outcome.narrowed.pairs[0].droppedByQueue == 200 - outcome.narrow.received)
  }

  private func checkCut(_ outcome: Outcome) {
    #expect(outcome.cut.received == 0)
    #expect(outcome.healed.pairs[0].droppedByCut == 20)
    #expect(outcome.healed.pairs.allSatisfy { !$0.cut && $0.latencyMs == 20 && $0.bandwidthMbps == nil })
    #expect(outcome.duringCut.pairs.map(\.droppedByCut).reduce(0, +) > 20)
    #expect(outcome.survivor.back && outcome.survivor.there)
    #expect(outcome.survivor.seconds > 1)
  }

  @Test func saysThatNoLabIsUp() async throws {
    let command = try await Command.run(["lab", "wan", "--socket", "/nonexistent/wan.sock"])
    #expect(command.code == 1)
    #expect(command.error.contains("is a lab up?"))
  }

  @Test(arguments: [
    ["slow"], ["slow", "a", "b"], ["cut", "a"], ["cut", "a", "a"], ["heal", "a", "b", "c"],
    ["slow", "--latency", "-1"], ["slow", "--latency", "nan"], ["slow", "--latency", "60001"],
    ["slow", "--bandwidth", "inf"],
  ])
  func refusesUsage(arguments: [String]) async throws {
    let command = try await Command.run(["lab", "wan"] + arguments)
    #expect(command.code == 2)
  }
}
