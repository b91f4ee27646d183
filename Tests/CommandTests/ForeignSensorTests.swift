import Foundation
import Testing

/// A sensor in another language, which knows nothing but the `.proto` (Examples/sensor.py), and a real controller.
struct ForeignSensorTests {
  @Test(arguments: [false, true]) func isTakenAtItsWord(isSecure: Bool) async throws {
    try await Self.requirePython()
    try await withTemporaryFolder { url in
      let folder = url.path
      let credentials = isSecure ? try await Self.makeCredentials(in: folder) : ""
      try await Self.run("protoc --python_out='\(folder)' -IProtos controller.proto transhumance.proto trust.proto")
      let federation = "sites: [{name: a, hosts: [{name: a1, vcpus: 4}]}]\nlinks: {}\n"
      try Data(federation.utf8).write(to: url.appending(path: "federation.yaml"))
      var arguments = ["controller", "--federation", "\(folder)/federation.yaml", "--state", "\(folder)/state"]
      arguments += ["--listen", "127.0.0.1:0", "--no-http"]
      if isSecure { arguments += ["--cert-dir", "\(folder)/pki", "--join-listen", "127.0.0.1:0"] }
      let controller = try RunningCommand(Command.executable.path, arguments, in: url, name: "controller")
      try await controller.wait(for: "listens at", in: \.errors)
      let ports = controller.errors.compactMap { $0.firstMatch(of: /listens at 127\.0\.0\.1:(\d+)/)?.1 }
      let port = try #require(ports.first)
      let sensor =
        "PYTHONDONTWRITEBYTECODE=1 PYTHONPATH='\(folder)' /usr/bin/python3 Examples/sensor.py 127.0.0.1:\(port)"
      let lines = "vm2 vm1 10 8600\\n192.0.2.9 vm1 3 120\\n"
      let start = try await Self.run("printf '\(lines)' | \(sensor) a1 \(credentials)").trimmingNewlines
      let answer = try await Command.run([
        "query", "--from", start, "--to", start, "--wait", "40s", "--format", "json", "--controller",
        "\(folder)/state/controller.sock",
      ])
      let periods = try #require(try answer.json["periods"] as? [[String: Any]])
      let pairs = try #require(periods.first?["pairs"] as? [[String: Any]])
      #expect(Set(pairs.compactMap { $0["source"] as? String }) == ["192.0.2.9", "vm2"])
      #expect(Set(pairs.compactMap { $0["packets"] as? Double }) == [3, 10])
      #expect(Set(pairs.compactMap { $0["ipBytes"] as? Double }) == [120, 8600])
      // Nobody has heard of b1.
      let refused = try await Command.shell("printf '\(lines)' | \(sensor) b1 \(credentials)")
      #expect(refused.code != 0 && refused.error.contains("PERMISSION_DENIED"), "\(refused.error)")
      _ = try await controller.end(by: SIGTERM)
    }
  }

  /// Skips the test that runs, and is heard of, where Debian's packages aren't there.
  private static func requirePython() async throws {
    let modules = try await Command.shell("/usr/bin/python3 -c 'import grpc, google.protobuf' && command -v protoc")
    guard modules.code != 0 else { return }
    let need = "`apt-get install python3-grpcio python3-protobuf protobuf-compiler`, or `make test`"
    if ProcessInfo.processInfo.environment["CI"] != nil { Issue.record("the foreign sensor needs \(need)") }
    try Test.cancel("NOT TESTED: the foreign sensor needs \(need)")
  }

  /// - Returns: arguments of the sensor.
  private static func makeCredentials(in folder: String) async throws -> String {
    try await run("\"$TRANSHUMANCE\" ca init --cert-dir '\(folder)/pki'")
    try await run("\"$TRANSHUMANCE\" ca issue host a1 --cert-dir '\(folder)/pki' --out '\(folder)'")
    return "'\(folder)/a1.crt' '\(folder)/a1.key' '\(folder)/pki/ca.crt'"
  }

  /// - Returns: what a line of `sh` prints that must succeed.
  @discardableResult
  private static func run(_ line: String) async throws -> String {
    let result = try await Command.shell(line)
    try #require(result.code == 0, "\(line): \(result.error)")
    return result.output
  }
}

extension String {
  fileprivate var trimmingNewlines: String { split(separator: "\n").joined(separator: " ") }
}
