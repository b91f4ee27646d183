import Agent
import Foundation
import Logging
import SwiftProtobuf
import Testing
import Wire

struct HeardEpochTests {
  private let folder = NSTemporaryDirectory() + "/epoch-\(UInt64.random(in: 0 ... .max))"
  private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private func withFolder(_ body: () async throws -> Void) async throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body()
  }

  @Test func theHighestOutlivesTheAgent() async throws {
    try await withFolder {
      let heard = HeardEpoch(folder: folder, logger: logger)
      #expect(heard.highest == 0)
      for (epoch, isFollowed) in [(3, true), (5, true), (5, true), (4, false)] as [(UInt64, Bool)] {
        #expect(heard.hear(epoch) == isFollowed)
      }
      #expect(HeardEpoch(folder: folder, logger: logger).highest == 5)
    }
  }

  @Test func whatIsNoEpochCountsAsNone() async throws {
    try await withFolder {
      try Data("five".utf8).write(to: URL(filePath: folder + "/epoch"))
      let heard = HeardEpoch(folder: folder, logger: logger)
      #expect(heard.highest == 0 && heard.hear(1))
      #expect(HeardEpoch(folder: folder, logger: logger).highest == 1)
    }
  }

  /// A disk that takes nothing keeps nobody from following the later leader.
  @Test func aFolderThatIsGoneIsBridgedInMemory() {
    let heard = HeardEpoch(folder: folder, logger: logger)
    let (first, second) = (heard.hear(5), heard.hear(4))
    #expect(first && !second && heard.highest == 5)
  }

  /// One that is made up would keep all leaders from being followed.
  @Test func peersArentBelievedEverything() {
    let heard = HeardEpoch()
    heard.hear(ofPeer: 7)
    heard.hear(ofPeer: 3)
    heard.hear(ofPeer: .max)
    heard.hear(ofPeer: 7 + LeaderEpoch.farthestAhead + 1)
    #expect(heard.highest == 7)
    // Nor again and again: only a leader itself makes the next step possible.
    for step: UInt64 in 1...100 { heard.hear(ofPeer: 7 + 1000 * step) }
    #expect(heard.highest == 1007)
  }

  /// An old leader's command, that its connection has brought after the new one's.
  @Test func commandsOfAnOldLeaderAreRefused() async throws {
    try await withFolder {
      let heard = HeardEpoch()
      _ = heard.hear(5)
      let count = Counter()
      let desk = try CommandDesk(path: folder + "/commands", logger: logger, heard: heard) { _, _, _ in
        count.add()
        return ""
      }
      let (stream, continuation) = AsyncStream.makeStream(of: CommandDesk.Answer.self)
      _ = await desk.connect { continuation.yield($0) }
      // The new leader may give the same command.
      for epoch: UInt64 in [4, 6] {
        await desk.take(
          .with {
            ($0.identifier, $0.epoch) = ("x", epoch)
            $0.cancel.vm = "vm1"
          })
      }
      var failures: [String] = []
      for await answer in stream {
        failures.append(answer.end.failure)
        if failures.count == 2 { break }
      }
      #expect(failures == ["it is of a leader of epoch 4, and this host has heard of one of 5", ""])
      #expect(count.value == 1 && heard.highest == 6)
    }
  }
}
