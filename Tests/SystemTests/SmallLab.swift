import Foundation
import Testing

/// The smallest federation in which something can move: two sites of one host, and a ring of two guests between them.
struct SmallLab {
  static let file = """
    sites:
      - name: a
        hosts: [{name: a1, vcpus: 4, memoryGiB: 0.5}]
      - name: b
        hosts: [{name: b1, vcpus: 4, memoryGiB: 0.5}]
    links:
      plaintext: true
      betweenSites: {latencyMs: 5, bandwidthMbps: 1000}
    networks:
      - {name: blue, subnet: 192.168.77.0/24, gateway: 192.168.77.254}
    guests:
      - {name: vm1, host: a1, network: blue, workload: {group: 1}}
      - {name: vm2, host: b1, network: blue, workload: {group: 1}}
    """
  static let hosts = ["a1", "b1"]
  static let guests = ["vm1", "vm2"]

  /// Of the context that `lab up` writes, and of the lab file.
  let folder: URL

  /// Makes the lab, runs the body, and ends the lab whatever happened. Skipped, and heard of, without root.
  /// - Parameters:
  ///   - period: of the agents' reports, seconds
  ///   - more: lines at the end of the lab's file
  static func with(
    period: Int = 30, more: String = "", _ body: (SmallLab) async throws -> Void
  ) async throws {
    try requireRoot()
    let folder = FileManager.default.temporaryDirectory.appending(path: "transhumance-system-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let lab = SmallLab(folder: folder)
    let path = folder.appending(path: "lab.yaml").path
    try Data("\(file)\n\(more)\n".utf8).write(to: URL(filePath: path))
    let up = try await lab.run("lab", "up", path, "--period", "\(period)", seconds: 240)
    do {
      try #require(up.code == 0, "\(up.error)")
      try await lab.wait("the guests to work") {
        let progress = lab.progress()
        return progress.count == guests.count && progress.values.allSatisfy { $0.iterations > 0 }
      }
      try await body(lab)
    } catch {
      _ = try? await lab.run("lab", "down")
      throw error
    }
    let down = try await lab.run("lab", "down")
    #expect(down.code == 0, "\(down.error)")
  }

  /// Skips the test that runs, and is heard of, without root.
  static func requireRoot() throws {
    guard getuid() != 0 else { return }
    let isCI = ProcessInfo.processInfo.environment["CI"] != nil
    if isCI { Issue.record("the system tests need root") }
    try Test.cancel("the system tests need root: run them with sudo")
  }

  func run(_ arguments: String..., seconds: Int = 60) async throws -> Program {
    try await Program.run(arguments, configuration: folder, seconds: seconds)
  }

  /// A line of `sh` inside a host.
  func shell(_ host: String, _ line: String) async throws -> Program {
    try await run("lab", "exec", host, "--", "sh", "-c", line)
  }

  /// The arguments that have a command ask the agent of that host.
  static func socket(_ host: String) -> String { "/run/transhumance/lab/hosts/\(host)/agent.sock" }

  /// Asks anew until the condition holds, and fails after so many times.
  func wait(
    _ what: String, polls: Int = 60, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
  ) async throws {
    for _ in 0..<polls {
      if try await condition() { return }
      try await Task.sleep(for: .seconds(1))
    }
    try #require(Bool(false), "waited in vain for \(what)\n\(logs)", sourceLocation: sourceLocation)
  }

  /// The ends of the logs of the agents and the controller, for whoever must find out why.
  var logs: String {
    (Self.hosts.map { "hosts/\($0)/agent.log" } + ["controller/controller.log"]).map { file in
      let text = (try? String(contentsOfFile: "/run/transhumance/lab/\(file)", encoding: .utf8)) ?? "none"
      return "\(file):\n" + text.split(separator: "\n").suffix(30).joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
