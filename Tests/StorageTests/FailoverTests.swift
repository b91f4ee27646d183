import Foundation
import Subprocess
import Testing

/// Two real controllers on one PostgreSQL database: one leads, the other takes its place.
struct FailoverTests {
  @Test func anotherTakesThePlaceOfOneThatIsKilled() async throws {
    try await withTwo { first, second in
      try await first.run("pause", "--reason", "noon")
      first.signal(SIGKILL)
      try await second.wait(for: "listens at")
      let events = try await second.run("events")
      #expect(events.contains("everything is still paused: noon"), "\(events)")
    }
  }

  @Test func oneThatStandsByTellsWhatWasCollected() async throws {
    try await withTwo { first, second in
      try await second.wait(for: "answers queries at")
      try await second.run("get", "periods")
      first.signal(SIGKILL)
      try await second.wait(for: "listens at")
      try await second.run("pause", "--reason", "by the second")
    }
  }

  @Test func oneThatIsToldToEndHandsOver() async throws {
    try await withTwo { first, second in
      first.signal(SIGTERM)
      try await second.wait(for: "listens at")
    }
  }

  @Test func oneThatStoodStillLeadsNoMore() async throws {
    try await withTwo { first, second in
      first.signal(SIGSTOP)
      try await second.wait(for: "listens at")
      try await second.run("pause", "--reason", "by the second")
      first.signal(SIGCONT)
      try await first.wait(for: "leads no more")
      try await first.wait(for: "stands by")
      // What the second has kept stays; and it goes on to lead.
      try await second.run("pause", "--reason", "still the second")
      #expect(!second.log.contains("leads no more"))
    }
  }

  /// The first leads, the second stands by.
  private func withTwo(_ body: (TestController, TestController) async throws -> Void) async throws {
    try PostgresServer.require()
    let database = try PostgresServer.shared.get().newDatabase()
    try await withTemporaryFolder { folder in
      let first = try TestController("first", in: folder, database)
      defer { first.end() }
      try await first.wait(for: "listens at")
      let second = try TestController("second", in: folder, database)
      defer { second.end() }
      try await second.wait(for: "stands by")
      #expect(!second.log.contains("listens at"))
      try await body(first, second)
    }
  }
}

/// `transhumance controller` in a folder of its own, on any port of loopback; five minutes at most.
private final class TestController {
  private let process = Process()
  private let folder: String

  static let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "transhumance").path

  init(_ name: String, in parent: String, _ database: String) throws {
    folder = "\(parent)/\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let federation = "\(folder)/federation.yaml"
    let text = """
      sites:
        - {name: a, kind: grid, hosts: [{name: a1, vcpus: 4}]}
        - {name: b, kind: cloud, hosts: [{name: b1, vcpus: 4}]}
      links: {betweenSites: {latencyMs: 10, bandwidthMbps: 1000}}

      """
    try Data(text.utf8).write(to: URL(filePath: federation))
    try Data().write(to: URL(filePath: "\(folder)/log"))
    process.executableURL = URL(filePath: Self.executable)
    process.arguments = [
      "controller", "--federation", federation, "--state", folder, "--database", database, "--listen", "127.0.0.1:0",
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle(forWritingAtPath: "\(folder)/log")
    try process.run()
  }

  var log: String { String(decoding: FileManager.default.contents(atPath: "\(folder)/log") ?? Data(), as: UTF8.self) }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Returns when its log has those words, or fails after a minute.
  func wait(for words: String) async throws {
    for _ in 0..<3000 where !log.contains(words) { try await Task.sleep(for: .milliseconds(20)) }
    try #require(log.contains(words), "waited in vain for \"\(words)\": \(log)")
  }

  /// What a command prints that asks this controller.
  @discardableResult
  func run(_ arguments: String...) async throws -> String {
    // By its own means, since Foundation may notice an end only when what was started beside it has ended.
    let command = try await Subprocess.run(
      .name("timeout"),
      arguments: Arguments(["60", Self.executable] + arguments + ["--controller", "\(folder)/controller.sock"]),
      input: .none, output: .string(limit: 1 << 20), error: .combinedWithOutput)
    let text = command.standardOutput
    try #require(command.terminationStatus.isSuccess, "\(arguments): \(text)")
    return text
  }

  func end() {
    signal(SIGKILL)
    signal(SIGCONT)
  }
}
