import Agent
import Foundation
import GRPCCore
import Testing
import Wire

/// `hold` at real agents: nothing begins at a held host, whoever asks for it.
@Suite(.timeLimit(.minutes(3))) struct HoldTests {
  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = "/tmp/hold-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }

  private static func ofHold(_ problems: [String]) -> [String] { problems.filter { $0.contains("is held") } }

  @Test func nothingBeginsAtAHeldHost() async throws {
    try await withFolder { folder in
      try await TwoAgents.run(in: folder) { agents in
        for held in ["b1", "a1"] {
          #expect(try await Self.ofHold(agents.migrate(to: "b1")).isEmpty)
          #expect(try await Self.ofHold(agents.start("vm9", at: held)).isEmpty)
          let reply = try await agents.hold(held, reason: "a fan\n is replaced")
          #expect(reply.host == held && reply.hold.reason == "a fan is replaced" && !reply.hasBefore)
          #expect(reply.hold.by == "root" && reply.hold.since % 1_000_000_000 == 0 && reply.moving.isEmpty)
          // As the destination of vm1, and as its source; the reason says who and since when.
          for problems in [try await agents.migrate(to: "b1"), try await agents.start("vm9", at: held)] {
            let problem = try #require(Self.ofHold(problems).first, "\(problems)")
            #expect(problem.hasPrefix("\(held) is held by root since 20"), "\(problem)")
            #expect(problem.contains("Z: a fan is replaced (`transhumance hold --undo`"), "\(problem)")
          }
          #expect(try await agents.report(of: held).hold == reply.hold)
          let end = try await agents.hold(held, undo: true)
          #expect(!end.hasHold && end.before == reply.hold)
          #expect(try await !agents.report(of: held).hasHold)
        }
        #expect(try await Self.ofHold(agents.migrate(to: "b1")).isEmpty)
      }
    }
  }

  @Test func aHoldOutlivesTheAgent() async throws {
    try await withFolder { folder in
      let hold = try await TwoAgents.run(in: folder) { agents in
        _ = try await agents.hold("b1", reason: "first")
        return try await agents.hold("b1", reason: "second").hold
      }
      #expect(hold.reason == "second")
      try await TwoAgents.run(in: folder) { agents in
        #expect(try await agents.report(of: "b1").hold == hold)
        #expect(try await Self.ofHold(agents.migrate(to: "b1")).count == 1)
        _ = try await agents.hold("b1", undo: true)
        // There is nothing to undo any more.
        #expect(try await !agents.hold("b1", undo: true).hasBefore)
      }
      let last = try await TwoAgents.run(in: folder) { agents in try await agents.report(of: "b1") }
      #expect(!last.hasHold)
    }
  }

  @Test func whatCannotBeWrittenDownIsSaid() async throws {
    try await withFolder { folder in
      try await TwoAgents.run(in: folder) { agents in
        // Something that no file takes the place of.
        let path = folder + "/b1/hold.json"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        let error = await #expect(throws: RPCError.self) { try await agents.hold("b1") }
        #expect(error?.message.contains("b1 is held, but that can't be written down") == true)
        #expect(try await agents.report(of: "b1").hasHold)
        let undo = await #expect(throws: RPCError.self) { try await agents.hold("b1", undo: true) }
        #expect(undo?.message.contains("b1 stays held") == true)
        #expect(try await agents.report(of: "b1").hasHold)
        try FileManager.default.removeItem(atPath: path)
        #expect(try await !agents.hold("b1", undo: true).hasHold)
        let long = await #expect(throws: RPCError.self) {
          try await agents.hold("b1", reason: String(repeating: "x", count: 5000))
        }
        #expect(long?.code == .invalidArgument)
        #expect(try await !agents.report(of: "b1").hasHold)
      }
    }
  }
}
