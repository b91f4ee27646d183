import Foundation
import Testing

/// What is said beside the plan, and to which file it is ascribed.
extension PlanTests {
  private func warnings(_ command: Command) throws -> [String] {
    try #require(try command.json["warnings"] as? [String])
  }

  @Test func silentVMsAreNamedOnce() async throws {
    let application = Self.application + "\n  - {name: v3, host: a1}\n  - {name: v4, host: b1}"
    let command = try await inFiles(application: application, ["--window", "100", "--format", "json"])
    #expect(command.code == 0)
    #expect(
      try warnings(command) == ["2 of 4 VMs (v3 and v4) have no row in the traffic matrix: placed as if silent"])
    #expect(command.error.contains("warning: 2 of 4 VMs (v3 and v4) have no row"))
  }

  @Test func aMatrixOfOtherMachinesIsRefused() async throws {
    let other = Self.matrix.replacing("v1", with: "x1").replacing("v2", with: "x2")
    let command = try await inFiles(matrix: other, ["--window", "100", "--ignore-unknown"])
    #expect(command.code == 1)
    #expect(command.output.isEmpty)
    #expect(command.error.contains("traffic: no row of the matrix speaks of a VM"))
    #expect(command.error.contains("‘x1’, ‘x2’"))
  }

  @Test func ignoredEndpointsAreNamed() async throws {
    let command = try await inFiles(
      matrix: Self.matrix + "\nv1,v9,1,1,1,0\n", ["--window", "100", "--ignore-unknown", "--format", "json"])
    #expect(try warnings(command) == ["ignored: 1 endpoint of the matrix that the application doesn't list (v9)"])
  }

  /// 2,000 waits at 10 ms in 10 s: 2 s per second, and 0.42 s of the link (5·10⁷ bytes/s · 1.05 by 1.25·10⁸).
  @Test func oneWarningForAllVMsThatNeverCompute() async throws {
    let command = try await inFiles(["--window", "10", "--format", "json"])
    let warnings = try warnings(command)
    #expect(warnings.count == 1)
    #expect(warnings[0].hasPrefix("both VMs wait for messages and links 2.42 s per second of the window"))
    #expect(warnings[0].contains("the speed of cores counts for nothing to them"))
    #expect(warnings[0].contains("counted at another placement"))
  }

  @Test func whatIsClosedIsClosed() async throws {
    let federation = Self.federation.replacing("name: a,", with: "name: a, availableUntil: 2026-11-24T06:00:00Z,")
    let mended = try await inFiles(federation: federation, ["--window", "100", "--format", "json"])
    #expect(mended.code == 0)
    let reason = try #require(try mended.json["reason"] as? String)
    #expect(reason.contains("window of site a: it closed 18 h ago"))
    let pinned = try await inFiles(
      federation: federation, application: Self.application + "\nconstraints: [{pin: v1, sites: [a]}]",
      ["--window", "100", "--format", "json"])
    #expect(pinned.code == 3)
    let clash = try #require(try pinned.json["clash"] as? [String])
    #expect(clash.contains { $0.contains("available until 2026-11-24T06:00:00Z, 18 h ago") }, "\(clash)")
    let late = try await inFiles(
      application: Self.application + "\ndeadline: 2026-11-24T22:00:00Z", ["--window", "100", "--format", "json"])
    #expect(late.code == 3)
    let document = try late.json
    #expect((document["clash"] as? [String])?.first?.hasPrefix("deadline 2026-11-24T22:00:00Z, 2 h ago") == true)
    #expect((document["reason"] as? String)?.contains("deadline: it passed 2 h ago") == true)
  }

  @Test func explanationOfAFirstPlacementHasNoPresent() async throws {
    let application = Self.application.replacing("host: a1, ", with: "").replacing("host: b1, ", with: "")
    let place = try await inFiles(application: application, command: "place", ["--window", "100", "--explain"])
    #expect(place.code == 0 && !place.output.contains("present"))
    #expect(place.output.contains("relative to one on speed 1.0 without waits"))
    let plan = try await inFiles(["--window", "100", "--explain"])
    #expect(plan.output.contains("relative to the present"))
  }

  /// Two that change places: v2, which the file lists first, is set aside, and comes to its place last.
  @Test func movesAreExplainedInTheirOrder() async throws {
    let federation = Self.federation.replacing("vcpus: 2", with: "vcpus: 1")
      .replacing("{name: b1,", with: "{name: b1, vcpus: 1, memoryGiB: 8}, {name: b2,")
    let application = """
      name: chain
      vms:
        - {name: v2, host: a1}
        - {name: v1, host: b1}
      constraints: [{apart: [v1, v2]}, {ban: v2, sites: [a]}, {pin: v1, sites: [a]}]
      """
    let command = try await inFiles(
      federation: federation, application: application, ["--window", "100", "--format", "json", "--explain"])
    let plan = try command.json
    let moves = try #require(plan["moves"] as? [[String: Any]]).compactMap { $0["vm"] as? String }
    let rows = try #require(plan["explanation"] as? [[String: Any]]).filter { $0["section"] as? String == "moves" }
    var explained: [String] = []
    for row in rows where explained.last != row["subject"] as? String {
      explained.append(try #require(row["subject"] as? String))
    }
    #expect(moves == ["v2", "v1", "v2"] && explained == ["v1", "v2"])
  }

  /// Memory that is written to takes fractions of a byte in the formula.
  @Test func transferBytesAreWhole() async throws {
    let application = Self.application.replacing("memoryGiB: 1", with: "memoryGiB: 1, dirtyMiBps: 7")
    for format in ["json", "csv"] {
      let command = try await inFiles(application: application, ["--window", "100", "--format", format])
      // ρ = 7·2²⁰/1.25·10⁸; after one round more than 0.3 s are left: 2³⁰ · (1 + ρ + ρ²) = 1,140,494,554.07.
      #expect(command.output.contains("1140494554") && !command.output.contains("1140494554."), "\(command.output)")
    }
  }

  @Test func aClashHasNoMovesToList() async throws {
    let application = Self.application + "\nconstraints: [{together: [v1, v2]}, {apart: [v1, v2]}]\nbudget: 1"
    let command = try await inFiles(application: application, ["--window", "100", "--format", "csv"])
    #expect(command.code == 3)
    #expect(command.output.split(separator: "\n").count == 1 && command.output.hasPrefix("order,vm,"))
    #expect(command.error.contains("error: no placement satisfies the constraints"))
    #expect(command.error.contains("\n  - "))
  }

  /// Of a capture that was cut, too, where the exit code speaks of the capture.
  @Test func aClashIsToldBesideACutCapture() async throws {
    try await withTemporaryFolder { folder in
      let command = try await Command.shell(
        """
        sed 's/remainingHours: 10/&\\nbudget: 0/' Examples/cg.yaml > '\(folder.path)/cg.yaml'
        gzip -dc Examples/cg.A.8.pcap.gz | head -c 1000000 | $TRANSHUMANCE plan --federation Examples/federation.yaml \
          --application '\(folder.path)/cg.yaml' --traffic - --format csv
        """)
      #expect(command.code == 1)
      #expect(command.error.contains("cut short") && command.error.contains("budget 0"), "\(command.error)")
    }
  }

  /// Its horizon is no run that ends sooner.
  @Test func aServiceHasNoRunTime() async throws {
    let application = Self.application.replacing("remainingHours: 2", with: "objective: time")
    let command = try await inFiles(application: application)
    #expect(command.output.contains("saves 24.2 % of the time for the same work (100 % → 75.8 %)"), "\(command.output)")
    #expect(command.output.contains("for 24 h of work") && !command.output.contains("run time"))
  }
}
