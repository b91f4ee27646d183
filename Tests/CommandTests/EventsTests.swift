import Foundation
import GRPCCore
import Storage
import Testing

/// `events` of a real controller, which is told to pause and to go on, since that is what it has to tell of by itself.
@Suite struct EventsTests {
  @Test func goesOnWhenTheControllerIsBack() async throws {
    try await withTemporaryFolder { url in
      let folder = try ControllerFolder(url)
      let (follower, before) = try await folder.withController {
        let follower = try follow(folder.socket, url)
        try await tell(["pause", "--reason", "first"], folder.socket)
        try await follower.wait(for: "everything is paused: first")
        return (follower, follower.lines.count)
      }
      try await folder.withController {
        try await tell(["resume"], folder.socket)
        try await follower.wait(for: "everything goes on")
        #expect(try await follower.end(by: SIGINT) == SIGINT)
      }
      #expect(Set(follower.lines).count == follower.lines.count, "\(follower.lines)")
      // Of the second controller only what it has told itself.
      #expect(follower.lines.dropFirst(before).allSatisfy { !$0.contains("everything is paused") })
      let errors = follower.errors
      #expect(errors.count(where: { $0.contains("the controller is away") }) == 1, "\(errors)")
      #expect(errors.count(where: { $0.contains("the controller is back") }) == 1, "\(errors)")
    }
  }

  /// The controller still has the events that were shown, and is asked for those of the same time again.
  @Test func nothingComesTwiceAfterABreak() async throws {
    try await withTemporaryFolder { url in
      let folder = try ControllerFolder(url)
      try await folder.withController {
        let between = url.path + "/between.sock"
        let script = Command.root.appending(path: "Tests/Fixtures/cut-socket.py").path
        let relay = try RunningCommand("python3", [script, between, folder.socket], in: url, name: "relay")
        try await relay.wait(for: "ready")
        let number = try #require(relay.lines.first?.split(separator: " ").last.flatMap { Int32($0) })
        let follower = try follow(between, url)
        try await tell(["pause", "--reason", "first"], folder.socket)
        try await follower.wait(for: "everything is paused: first")
        kill(number, SIGUSR1)
        try await follower.wait(for: "the controller is back", in: \.errors)
        try await tell(["resume"], folder.socket)
        try await follower.wait(for: "everything goes on")
        #expect(try await follower.end(by: SIGINT) == SIGINT)
        #expect(follower.lines.count(where: { $0.contains("everything is paused: first") }) == 1, "\(follower.lines)")
        #expect(Set(follower.lines).count == follower.lines.count)
        let errors = follower.errors
        #expect(errors.count(where: { $0.contains("the controller is away") }) == 1, "\(errors)")
        _ = try await relay.end(by: SIGTERM)
      }
    }
  }

  /// What would be answered again and again ends it.
  @Test(arguments: [RPCError.Code.permissionDenied, .unauthenticated, .invalidArgument, .unimplemented])
  func aRefusalEndsIt(code: RPCError.Code) async throws {
    var services = StandInServices.federation
    services.refusal = code
    let run = try await services.serve { socket in
      try await Command.shell("timeout 60 $TRANSHUMANCE events --follow --controller \(socket)")
    }
    #expect(run.code == 1 && run.error.contains("not any more"), "\(run.code): \(run.error)")
    #expect(run.output.contains("a1 is held by root"), "\(run.output)")
  }

  @Test func withoutAControllerItFails() async throws {
    for arguments in [[], ["--follow"], ["--application", "cg"]] {
      let run = try await Command.run(["events", "--controller", "/nowhere"] + arguments)
      #expect(run.code == 1 && run.error.contains("/nowhere"), "\(run.error)")
    }
  }

  @Test func anUnknownApplicationIsAnError() async throws {
    try await withTemporaryFolder { url in
      let folder = try ControllerFolder(url)
      for name in ["cg", "mg"] { try await Self.keep(name, in: folder.store) }
      try await folder.withController {
        for arguments in [[], ["--follow"]] {
          let run = try await Command.run(
            ["events", "--application", "nope", "--controller", folder.socket] + arguments)
          #expect(run.code == 1)
          #expect(run.error.contains("there is no application \"nope\": there are cg, mg"), "\(run.error)")
        }
        let known = try await Command.run(["events", "--application", "cg", "--controller", folder.socket])
        #expect(known.code == 0, "\(known.error)")
        // It isn't there any more, but there are events of its.
        try await tell(["delete", "application", "cg"], folder.socket)
        let deleted = try await Command.run(["events", "--application", "cg", "--controller", folder.socket])
        #expect(deleted.code == 0 && deleted.output.contains("cg was removed"), "\(deleted.error)")
      }
    }
  }

  @Test func beginsWhereItIsAskedTo() async throws {
    try await withTemporaryFolder { url in
      let folder = try ControllerFolder(url)
      try await folder.withController {
        try await tell(["pause"], folder.socket)
        for (since, isThere) in [("1d", true), ("2026-01-01T00:00:00Z", true), ("2262-01-01T00:00:00Z", false)] {
          let events = try await Command.run(["events", "--since", since, "--controller", folder.socket])
          #expect(events.code == 0 && events.output.contains("everything is paused") == isThere, "\(since): \(events)")
        }
      }
    }
    for since in ["-1h", "yesterday"] {
      let events = try await Command.run(["events", "--since", since, "--controller", "/nowhere"])
      #expect(events.code == 2 && events.error.contains("'--since <time>': a length of time from 0 on"), "\(events)")
    }
  }

  private func follow(_ socket: String, _ folder: URL) throws -> RunningCommand {
    try RunningCommand(
      Command.executable.path, ["events", "--follow", "--format", "json", "--controller", socket],
      in: folder, name: "follower")
  }

  private func tell(_ arguments: [String], _ socket: String) async throws {
    let run = try await Command.run(arguments + ["--controller", socket])
    try #require(run.code == 0, "\(run.error)")
  }

  /// As a controller keeps an application.
  private static func keep(_ name: String, in path: String) async throws {
    struct Settings: Encodable {
      var file: String
      var document: Data
      var templates: [String: String] = [:]
      var failures = 0
    }
    let document = "{name: \(name), vms: [{name: \(name)1}]}"
    let settings = try JSONEncoder().encode(Settings(file: "\(name).yaml", document: Data(document.utf8)))
    try await SQLiteStore(path: path).save(StoredApplication(name: name, document: document, settings: settings))
  }
}
