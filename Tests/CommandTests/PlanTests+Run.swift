import Foundation
import Testing

/// How long the run takes, and what isn't seen, as `plan` prints them.
extension PlanTests {
  /// It began four hours ago; three earlier runs took ten on average: R = 6 h instead of 2.
  private static let run = application.replacing(
    "remainingHours: 2", with: "run: {started: 2026-11-24T20:00:00Z, earlierHours: [9, 10, 11]}")

  @Test func remainingRunIsEstimated() async throws {
    let plan = try await inFiles(application: Self.run, ["--window", "100", "--format", "json"]).json
    #expect(isNear((plan["before"] as? [String: Any])?["seconds"], 21_600))
    let remaining = try #require(plan["remaining"] as? [String: Any])
    #expect(remaining["source"] as? String == "earlierRuns" && isNear(remaining["seconds"], 21_600))
    #expect(isNear(remaining["errorSeconds"], 3600 * (4.0 / 3).squareRoot()))
    #expect(remaining["basis"] as? String == "3 earlier runs (10 h), 4 h of it gone")
    #expect((remaining["others"] as? [Any])?.isEmpty == true && (remaining["remarks"] as? [Any])?.isEmpty == true)
    #expect(plan["payBackSeconds"] is Double && plan["seen"] == nil)
    let text = try await inFiles(application: Self.run, ["--window", "100"]).output
    #expect(text.contains("Run: 6 h ± 69.3 min (3 earlier runs (10 h), 4 h of it gone)."), "\(text)")
  }

  @Test func whatIsStatedIsSaidToBeStated() async throws {
    let plan = try await inFiles(["--window", "100", "--format", "json"]).json
    let remaining = try #require(plan["remaining"] as? [String: Any])
    #expect(remaining["source"] as? String == "stated" && remaining["errorSeconds"] is NSNull)
    let text = try await inFiles(["--window", "100"]).output
    #expect(text.contains("Run: 2 h (as stated); how far off that may be isn't known."), "\(text)")
    let service = try await inFiles(
      application: Self.application.replacing("remainingHours: 2", with: "remainingHours: none"),
      ["--window", "100", "--format", "json"]
    ).json
    #expect(service["remaining"] == nil)
  }

  @Test func aPartThatIsNotSeenIsMarked() async throws {
    let application = Self.application + "\n  - {name: v3, host: a1}"
    let plan = try await inFiles(
      application: application, matrix: Self.matrix + "\nv1,v9,1,1,1000000000,0\n",
      ["--window", "100", "--ignore-unknown", "--format", "json"]
    ).json
    let seen = try #require(plan["seen"] as? [String: Any])
    #expect(seen["partial"] as? Bool == true && seen["vms"] as? [String] == ["v3"])
    // 10⁹ of 2·10⁹ bytes.
    #expect(seen["unlistedEndpoints"] as? Int == 1 && isNear(seen["unlistedShare"], 0.5))
    #expect((seen["unknown"] as? [String])?.count == 2)
    let text = try await inFiles(application: application, ["--window", "100"]).output
    #expect(text.contains("Only a part of the application is seen.\nNot known: what v3 exchanges"), "\(text)")
  }
}
