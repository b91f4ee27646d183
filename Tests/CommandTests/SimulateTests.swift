import Foundation
import Testing

@Suite struct SimulateTests {
  private static let swing = "Examples/scenarios/price-swing.yaml"

  @Test func comparesPoliciesInATable() async throws {
    let told = try await Command.run(["simulate", Self.swing, "--policy", "ours", "--policy", "static"])
    #expect(told.code == 0)
    #expect(told.output.contains("POLICY") && told.output.contains("ours") && told.output.contains("static"))
  }

  @Test func theDocumentHasRatiosToTheOracle() async throws {
    let document = try await Command.run(["simulate", Self.swing, "--seeds", "2", "--format", "json"]).json
    let policies = try #require(document["policies"] as? [[String: Any]])
    #expect(
      policies.map { $0["policy"] as? String } == [
        "ours", "eager", "report", "static", "random", "first-fit", "oracle",
      ])
    for policy in policies {
      let runs = try #require(policy["runs"] as? [[String: Any]])
      #expect(runs.map { $0["seed"] as? Int } == [1, 2])
      #expect(runs.allSatisfy { ($0["ratio"] as? Double ?? 0) >= 1 })
    }
  }

  @Test func twoRunsAreTheSame() async throws {
    let arguments = [
      "simulate", Self.swing, "--policy", "ours", "--policy", "random", "--seed", "5", "--format", "json",
    ]
    let first = try await Command.run(arguments)
    #expect(first.code == 0)
    #expect(try await Command.run(arguments).output == first.output)
  }

  @Test func drawsHowItWent() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path + "/swing.svg"
      let told = try await Command.run(["simulate", Self.swing, "--policy", "static", "--plot", path])
      #expect(told.code == 0)
      let picture = try String(contentsOfFile: path, encoding: .utf8)
      #expect(picture.hasPrefix("<svg") && picture.hasSuffix("</svg>\n") && picture.contains("<polyline"))
    }
  }

  @Test func contradictionsAreToldWithTheirLines() async throws {
    let text = """
      hours: 4
      federation: {sites: [{name: a, hosts: [{name: a1, vcpus: 4}]}], links: {}}
      applications:
        - {name: x, vms: 8}
      events:
        - {atHours: 9, site: a, speed: 2}
      """
    let told = try await Command.run(["simulate", "-"], input: text)
    #expect(told.code == 1 && told.output.isEmpty)
    #expect(told.error.contains("standard input:4:5: error") && told.error.contains("take 8 vCPUs"))
    #expect(told.error.contains("standard input:6:15: error") && told.error.contains("after the end"))
  }

  @Test(arguments: [["--seeds", "0"], ["--policy", "clever"], ["--policy", "ours", "--policy", "ours"]])
  func wrongUse(options: [String]) async throws {
    #expect(try await Command.run(["simulate", Self.swing] + options).code == 2)
  }

  /// The scenarios that the documentation tells of.
  @Test func theExamplesAreValid() async throws {
    let folder = "Examples/scenarios"
    let told = try await Command.shell("$TRANSHUMANCE validate \(folder)/*.yaml")
    #expect(told.code == 0, "\(told.output)")
    #expect(told.output.split(separator: "\n").count >= 20)
  }
}
