import Foundation
import Testing

/// Two VMs that exchange 5·10⁸ bytes in 100 s, torn over two sites. R = 2 h at p0; everything else is worked out by
/// hand below.
@Suite struct PlanTests {
  static let federation = """
    sites:
      - {name: a, price: {vmHour: 1}, hosts: [{name: a1, vcpus: 2, memoryGiB: 8, watts: 100}]}
      - {name: b, price: {vmHour: 2}, hosts: [{name: b1, vcpus: 2, memoryGiB: 8, watts: 100}]}
    links:
      betweenSites: {latencyMs: 10, bandwidthMbps: 1000}
    egress: {betweenSites: 0.1}
    """
  static let application = """
    name: pair
    remainingHours: 2
    vms:
      - {name: v1, host: a1, memoryGiB: 1, cpu: 0.5}
      - {name: v2, host: b1, memoryGiB: 1, cpu: 0.5}
    """
  /// 20 waits a second at 10 ms: 0.2 s per second. 5·10⁶ bytes/s each way.
  static let matrix = """
    source,destination,packets,frame_bytes,ip_bytes,waits
    v1,v2,1000,500000000,500000000,1000
    v2,v1,1000,500000000,500000000,1000
    """

  func inFiles(
    federation: String = federation, application: String = application, matrix: String = matrix,
    command: String = "plan",
    _ options: [String] = ["--window", "100"]
  ) async throws -> Command {
    try await withTemporaryFolder { folder in
      var arguments = [command]
      for (name, text) in [("federation", federation), ("application", application), ("traffic", matrix)] {
        let file = folder.appending(path: name)
        try Data(text.utf8).write(to: file)
        arguments += ["--\(name)", file.path]
      }
      let time = options.contains("--at") ? [] : ["--at", "2026-11-25T00:00:00Z"]
      return try await Command.run(arguments + options + time)
    }
  }

  @Test func movesWithEveryFigure() async throws {
    let plan = try await inFiles(["--window", "100", "--format", "json"]).json
    #expect(plan["decision"] as? String == "move")
    #expect(plan["at"] as? String == "2026-11-25T00:00:00Z")
    #expect(plan["placement"] as? [String: String] == ["v1": "a1", "v2": "a1"])
    let move = try #require((plan["moves"] as? [[String: Any]])?.first)
    #expect(move["vm"] as? String == "v2")
    // Nothing is written to memory: one round of 2³⁰ bytes over 125·10⁶ bytes/s.
    #expect(move["transferBytes"] as? Double == 1_073_741_824)
    #expect(isNear(move["transferSeconds"], 1_073_741_824 / 125e6))
    #expect(isNear(move["downtimeSeconds"], 0.05))
    let (before, after) = (plan["before"] as? [String: Any], plan["after"] as? [String: Any])
    let cost = { (outcome: [String: Any]?) in outcome?["cost"] as? [String: Any] }
    #expect(isNear(before?["seconds"], 7200))
    #expect(isNear(cost(before)?["hosting"], 1 * 2 + 2 * 2))
    // 2 · 5·10⁶ bytes/s · 7200 s = 72 GB.
    #expect(isNear(cost(before)?["egress"], 7.2))
    // u = 0.2 + 1.05·5·10⁶/125·10⁶ = 0.242 for both: σ = 1 − 0.242.
    #expect(isNear(after?["slowdown"], 0.758))
    #expect(isNear(after?["seconds"], 7200 * 0.758 + 0.05))
    #expect(isNear(cost(after)?["hosting"], 2 * 2 * 0.758))
    // 1.073741824 GB at 0.1, and b at 2 an hour while it lasts.
    #expect(isNear(cost(after)?["migration"], 0.1073741824 + 2 * 1_073_741_824 / 125e6 / 3600))
    #expect(isNear(cost(after)?["egress"], 0))
    #expect((plan["solution"] as? [String: Any])?["proven"] as? Bool == true)
  }

  /// One move alone: it takes its bytes and a switch. Until it has ended 10⁷ bytes/s cross between sites.
  @Test func theTimelineIsPrintedAndDrawn() async throws {
    let plan = try await inFiles(["--window", "100", "--format", "json"]).json
    let move = try #require((plan["moves"] as? [[String: Any]])?.first)
    let seconds = 1_073_741_824 / 125e6 + 0.05
    #expect(isNear(move["startSeconds"], 0) && isNear(move["endSeconds"], seconds) && move["after"] as? [Int] == [])
    let schedule = try #require(plan["schedule"] as? [String: Any])
    #expect(isNear(schedule["seconds"], seconds) && isNear(schedule["leastSeconds"], seconds))
    #expect(isNear(schedule["crossingBytes"], (1e7 * seconds).rounded()) && schedule["detours"] as? Int == 0)
    try await withTemporaryFolder { folder in
      let picture = folder.path + "/moves.svg"
      let table = try await inFiles(["--window", "100", "--plot", picture]).output
      #expect(table.contains("The moves take 8.64 s; no schedule of them is shorter."))
      #expect(table.contains("████"))
      let text = try String(contentsOfFile: picture, encoding: .utf8)
      #expect(text.contains("<title>v2 from b1 to a1: 0 s to 8.64 s</title>"))
    }
  }

  @Test func staysUnderTheThreshold() async throws {
    let application = Self.application + "\nminimumGain: 0.9"
    let plan = try await inFiles(application: application, ["--window", "100", "--format", "json"]).json
    #expect(plan["decision"] as? String == "stay")
    #expect((plan["moves"] as? [Any])?.isEmpty == true)
    let forced = try await inFiles(
      application: application, ["--window", "100", "--format", "json", "--no-minimum-gain"]
    ).json
    #expect((forced["moves"] as? [Any])?.count == 1)
  }

  @Test func infeasibleIsThree() async throws {
    let application = Self.application + "\nconstraints: [{together: [v1, v2]}, {apart: [v1, v2]}]"
    let command = try await inFiles(application: application, ["--window", "100", "--format", "json"])
    #expect(command.code == 3)
    let plan = try command.json
    #expect(plan["decision"] as? String == "infeasible")
    #expect((plan["clash"] as? [String])?.count == 2)
  }

  @Test func firstPlacement() async throws {
    let application = Self.application.replacing("host: a1, ", with: "").replacing("host: b1, ", with: "")
    let plan = try await inFiles(application: application, command: "place", ["--window", "100", "--format", "json"])
      .json
    #expect(plan["decision"] as? String == "place")
    #expect(plan["before"] is NSNull)
    #expect(plan["placement"] as? [String: String] == ["v1": "a1", "v2": "a1"])
    // cpu/g + 1 − cpu, nothing to wait for on one host.
    #expect(isNear((plan["after"] as? [String: Any])?["seconds"], 7200))
  }

  @Test func everyTermIsPrinted() async throws {
    let explained = try await inFiles(["--window", "100", "--explain"])
    for term in ["cpu", "κ", "comp", "idle", "wait", "link", "σ", "load", "ρ", "C", "watts"] {
      #expect(explained.output.contains(term), "\(term)")
    }
  }

  /// Usage errors and failures, each with what to do.
  @Test func badInput() async throws {
    let noWindow = try await inFiles([])
    #expect(noWindow.code == 2)
    #expect(noWindow.error.contains("--window"))
    let placed = try await inFiles(command: "place")
    #expect(placed.code == 2)
    #expect(placed.error.contains("transhumance plan"))
    let unknown = try await inFiles(matrix: Self.matrix + "\nv1,v9,1,1,1,0\n")
    #expect(unknown.code == 1)
    #expect(unknown.error.contains("v9") && unknown.error.contains("--ignore-unknown"))
    let ignored = try await inFiles(matrix: Self.matrix + "\nv1,v9,1,1,1,0\n", ["--window", "100", "--ignore-unknown"])
    #expect(ignored.code == 0)
    let typo = try await inFiles(application: Self.application.replacing("host: b1", with: "host: b2"))
    #expect(typo.code == 1)
    #expect(typo.error.contains("application:5:") && typo.error.contains("b2"))
    for option in [
      ["--window", "0"], ["--window", "nan"], ["--time-limit", "-1"], ["--at", "yesterday"], ["--objective", "x"],
    ] {
      #expect(try await inFiles(["--window", "100"] + option).code == 2)
    }
    #expect(try await inFiles(["--window", "-5"]).error.contains("--window is a number of seconds above 0"))
    #expect(try await inFiles(["--window", "100", "--time-limit", "1e7"]).error.contains("at most 1000000"))
    for time in ["9999-12-31T23:59:59Z", "2026-11-25T08:00:00"] {
      let refused = try await inFiles(["--window", "100", "--at", time])
      #expect(refused.code == 2)
      #expect(refused.error.contains("with a time zone, in the years 1678 to 2262"))
    }
  }

  /// Within 10⁻⁹ of what was worked out.
  func isNear(_ value: Any?, _ expected: Double) -> Bool {
    guard let value = value as? Double else { return false }
    return abs(value - expected) <= 1e-9 * max(1, abs(expected))
  }
}
