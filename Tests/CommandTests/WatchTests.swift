import Foundation
import Testing

/// `get --watch` of a real controller.
@Suite struct WatchTests {
  private func get(_ arguments: [String], _ folder: ControllerFolder) throws -> RunningCommand {
    try RunningCommand(
      Command.executable.path, ["get"] + arguments + ["--watch", "--controller", folder.socket], in: folder.url,
      name: "get-\(UUID().uuidString)")
  }

  private func tell(_ arguments: [String], _ folder: ControllerFolder) async throws {
    let run = try await Command.run(arguments + ["--controller", folder.socket])
    try #require(run.code == 0, "\(run.error)")
  }

  /// A document a line, each another one; what is new of the events is in one of them.
  @Test func documentsAreLines() async throws {
    try await withTemporaryFolder { url in
      let folder = try ControllerFolder(url)
      try await folder.withController {
        let events = try get(["events", "application", "controller", "--format", "json"], folder)
        try await events.wait(for: "this controller has started")
        for reason in ["first", "second"] {
          try await tell(["pause", "--reason", reason], folder)
          try await events.wait(for: "everything is paused: \(reason)")
        }
        let lines = events.lines
        for words in ["has started", "paused: first", "paused: second"] {
          #expect(lines.count { $0.contains(words) } == 1, "\(lines)")
        }
        for line in lines {
          let document = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
          #expect((document?["events"] as? [Any])?.isEmpty == false, "\(line)")
        }
        #expect(try await events.end(by: SIGINT) == SIGINT)
      }
    }
  }

  /// The list again when it has changed, and not otherwise; the controller goes away and comes back meanwhile.
  @Test func listsAreShownWhenTheyChange() async throws {
    try await withTemporaryFolder { url in
      let folder = try ControllerFolder(url)
      let document = url.appending(path: "ring.yaml")
      let apply = ["apply", "-f", document.path, "--dry-run"]
      try Data("{name: ring, vms: [{name: vm1}]}".utf8).write(to: document)
      let applications = try await folder.withController {
        let applications = try get(["applications"], folder)
        try await applications.wait(for: "none")
        // Nothing of it changes by that.
        _ = try await Command.run(apply + ["--controller", folder.socket])
        try await tell(["pause"], folder)
        try await applications.wait(for: "everything is paused", in: \.errors)
        #expect(applications.lines == ["none", ""])
        return applications
      }
      try await applications.wait(for: "Waiting for it", in: \.errors)
      try await folder.withController {
        try await applications.wait(for: "it is back", in: \.errors)
        #expect(applications.lines == ["none", ""])
        let errors = applications.errors
        #expect(errors.count { $0.contains("Waiting for it") } == 1, "\(errors)")
        #expect(errors.count { $0.contains("everything is paused") } == 1, "\(errors)")
        #expect(try await applications.end(by: SIGINT) == SIGINT)
      }
    }
  }

  @Test func whatCannotBeWatchedFails() async throws {
    let csv = try await Command.run(["get", "vms", "--watch", "--format", "csv", "--socket", "/nowhere"])
    #expect(csv.code == 2 && csv.error.contains("--watch goes with tables and JSON"), "\(csv.error)")
    let absent = try await Command.run(["get", "vms", "-w", "--socket", "/nowhere"])
    #expect(absent.code == 1 && absent.error.contains("no agent at /nowhere"), "\(absent.error)")
    let unknown = try await StandInServices.federation.serve { socket in
      try await Command.run(["get", "vms", "vm9", "-w", "--socket", socket])
    }
    #expect(unknown.code == 1 && unknown.error.contains("there is no VM \"vm9\""), "\(unknown.error)")
  }
}
