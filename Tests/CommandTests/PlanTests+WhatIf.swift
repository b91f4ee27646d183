import Foundation
import Testing

/// `--set`, `--without-site`, `--pareto`, `--save` with `explain`, and several applications, on `PlanTests`' pair:
/// v1 at a (1 an hour), v2 at b (2 an hour), 20 waits a second at 10 ms, 10⁷ bytes/s over a link of 125·10⁶.
extension PlanTests {
  @Test func setChangesWhatTheDocumentsSay() async throws {
    let json = ["--window", "100", "--format", "json"]
    let plain = try await inFiles(json).json
    #expect((plain["placement"] as? [String: String])?["v2"] == "a1")
    #expect(plain["assumptions"] == nil)
    // Free, b is where both go.
    let free = try await inFiles(json + ["--set", "site.b.price.vmHour=0"]).json
    #expect((free["placement"] as? [String: String])?["v1"] == "b1")
    #expect(free["assumptions"] as? [String] == ["--set site.b.price.vmHour=0"])
    // With nothing to wait for and nothing to pay, nothing moves.
    let near = try await inFiles(
      json + [
        "--set", "links.betweenSites={latencyMs: 0}", "--set", "egress.a.b=0", "--set", "egress.b.a=0", "--set",
        "site.b.price=", "--set", "site.a.price=",
      ]
    ).json
    #expect(near["decision"] as? String == "stay")
    let short = try await inFiles(json + ["--set", "application.remainingHours=1", "--set", "vm.v2.cpu=0.7"]).json
    #expect((short["before"] as? [String: Any])?["seconds"] as? Double == 3600)
    let table = try await inFiles(["--window", "100", "--set", "site.b.price.vmHour=0"])
    #expect(table.output.hasPrefix("What if: --set site.b.price.vmHour=0\nmove: "))
  }

  /// Told like what is wrong with a document, with the override that brings it.
  @Test(arguments: [
    ("site.c.price.vmHour=1", 1, "\"c.price.vmHour\" begins with the name of no site: "),
    ("site.a.price.vmHour=x", 1, "sites[0].price.vmHour: must be a number 0 or more"),
    ("site.a.prize=1", 1, "\"prize\" is no field of a site — did you mean \"price\"?"),
    ("vm.v2.host=b7", 1, "vms[1].host: \"b7\" is not the name of a host of the federation"),
    ("application.deadline", 2, "has no value: write PATH=VALUE"), ("rennes=1", 2, "is no path: it begins with one of"),
    ("site.a.windows=[{until: 2026-11-01T00:00:00Z}]", 1, "sites[0].windows[0]: ended at 2026-11-01T00:00:00Z"),
  ])
  func setIsCheckedLikeADocument(text: String, code: Int32, message: String) async throws {
    let command = try await inFiles(["--window", "100", "--set", text])
    #expect(command.code == code)
    #expect(command.error.contains(message), "\(command.error)")
    if code == 1 { #expect(command.error.contains("with --set \(text)"), "\(command.error)") }
  }

  @Test func withoutASite() async throws {
    let json = ["--window", "100", "--format", "json", "--set", "site.b.price.vmHour=0"]
    let plan = try await inFiles(json + ["--without-site", "b"]).json
    #expect(plan["placement"] as? [String: String] == ["v1": "a1", "v2": "a1"])
    #expect((plan["reason"] as? String)?.contains("drain: v2 is on host b1") == true)
    let none = try await inFiles(json + ["--without-site", "b", "--without-site", "a"])
    #expect(none.code == 3)
    let unknown = try await inFiles(["--window", "100", "--without-site", "c"])
    #expect(unknown.code == 2 && unknown.error.contains("the federation has no such site; it has a, b"))
  }

  /// At b, twice as fast but dearer, the run is shorter: 0.5/2 + 0.258 of the time instead of 0.758.
  @Test func costAgainstTime() async throws {
    let options = ["--window", "100", "--pareto", "--set", "host.b1.speed=2"]
    let plan = try await inFiles(options + ["--format", "json"]).json
    let points = try #require(plan["pareto"] as? [[String: Any]])
    let costs = points.compactMap { $0["cost"] as? Double }
    let seconds = points.compactMap { $0["seconds"] as? Double }
    #expect(points.count > 1 && costs == costs.sorted() && seconds == seconds.sorted(by: >))
    #expect(try await inFiles(options).output.contains("Cost against time, none both cheaper and faster than another:"))
    let csv = try await inFiles(options + ["--format", "csv"]).output
    #expect(csv.hasPrefix("cost,seconds,moves,present\n"))
    let both = try await inFiles(options + ["--explain", "--format", "csv"])
    #expect(both.code == 2 && both.error.contains("--pareto and --explain are two tables"), "\(both.error)")
    #expect(try await inFiles(options + ["--explain", "--format", "json"]).json["pareto"] != nil)
  }

  /// The files are gone when it is explained.
  @Test func explainsAPlanThatWasKept() async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "kept.json").path
      let plan = try await inFiles(["--window", "100", "--format", "json", "--save", file, "--set", "vm.v1.cpu=0.4"])
      #expect(plan.code == 0, "\(plan.error)")
      let explained = try await Command.run(["explain", file, "--format", "json"])
      #expect(explained.code == 0, "\(explained.error)")
      let (first, second) = (try plan.json, try explained.json)
      for key in ["decision", "reason", "at"] { #expect(first[key] as? String == second[key] as? String) }
      #expect(first["placement"] as? [String: String] == second["placement"] as? [String: String])
      #expect((second["explanation"] as? [Any])?.isEmpty == false)
      // Each VM at the other site, whether that breaks something or not.
      let alternatives = try #require(second["alternatives"] as? [[String: Any]])
      #expect(alternatives.compactMap { $0["vm"] as? String } == ["v1", "v2"])
      #expect(alternatives.allSatisfy { $0["site"] as? String == "b" && ($0["cost"] as? Double ?? 0) > 0 })
      let table = try await Command.run(["explain", file])
      #expect(table.output.contains("INSTEAD") && table.output.contains("κ"))
      // Another plan than the inputs give is told.
      let text = try String(contentsOfFile: file, encoding: .utf8)
      try Data(text.replacing("\"decision\" : \"move\"", with: "\"decision\" : \"stay\"").utf8)
        .write(to: URL(filePath: file))
      #expect(try await Command.run(["explain", file]).code == 1)
      try Data("{}".utf8).write(to: URL(filePath: file))
      let other = try await Command.run(["explain", file])
      #expect(other.code == 1 && other.error.contains("is no plan that was kept with plan --save"))
    }
  }

  /// The pair twice, as two applications of two owners, on hosts with room for all.
  @Test func severalApplications() async throws {
    try await withTemporaryFolder { folder in
      let federation = Self.federation.replacing("vcpus: 2", with: "vcpus: 8") + "\nowners: [{name: bob, shares: 3}]"
      let second = Self.application.replacing("pair", with: "other").replacing("{name: v", with: "{name: w")
      let traffic =
        Self.matrix
        + Self.matrix.split(separator: "\n").dropFirst()
        .map { "\n" + $0.replacing("v1", with: "w1").replacing("v2", with: "w2") }.joined()
      for (name, text) in [
        ("federation", federation), ("pair", Self.application + "\nowner: alice"), ("other", second + "\nowner: bob"),
        ("traffic", traffic),
      ] {
        try Data(text.utf8).write(to: folder.appending(path: name))
      }
      let path = { (name: String) in folder.appending(path: name).path }
      let arguments = [
        "plan", "--federation", path("federation"), "--application", path("pair"), "--application", path("other"),
        "--traffic", path("traffic"), "--window", "100", "--at", "2026-11-25T00:00:00Z",
      ]
      let command = try await Command.run(arguments + ["--format", "json", "--save", path("kept.json")])
      #expect(command.code == 0, "\(command.error)")
      let plan = try command.json
      #expect(plan["decision"] as? String == "move")
      #expect(
        plan["placement"] as? [String: String] == [
          "pair/v1": "a1", "pair/v2": "a1", "other/w1": "a1", "other/w2": "a1",
        ])
      #expect(
        (plan["moves"] as? [[String: Any]])?.compactMap { $0["vm"] as? String }.sorted() == ["other/w2", "pair/v2"])
      #expect((plan["owners"] as? [[String: Any]])?.compactMap { $0["part"] as? Double } == [0.25, 0.75])
      #expect((plan["fairness"] as? String)?.contains("least of its part first") == true)
      let table = try await Command.run(arguments)
      #expect(table.output.contains("OWNER") && table.output.contains("75 %"))
      let ofOne = try await Command.run(arguments + ["--set", "vm.w1.cpu=0.9"])
      #expect(ofOne.code == 0, "\(ofOne.error)")
      #expect(try await Command.run(arguments + ["--set", "vm.u1.cpu=0.9"]).code == 1)
      let whatIf = try await Command.run(arguments + ["--set", "site.b.price.vmHour=2"])
      #expect(whatIf.output.hasPrefix("What if: --set site.b.price.vmHour=2\n"))
      let explained = try await Command.run(["explain", path("kept.json")])
      #expect(explained.code == 0 && explained.output.contains("TERM") && explained.output.contains("pair/v1"))
      let rows = try await Command.run(arguments + ["--explain", "--format", "csv"])
      #expect(rows.output.hasPrefix("section,") && rows.output.contains("vms,other/w1,"))
      let document = try await Command.run(arguments + ["--explain", "--format", "json"]).json
      #expect(document["explanation"] is [[String: Any]])
      #expect(try await Command.run(arguments + ["--pareto"]).code == 2)
    }
  }

  /// The next move is printed, with its price and its time.
  @Test func windows() async throws {
    let windows = ["--set", "site.a.windows=[{until: 2026-11-25T01:00:00Z}]", "--set", "site.a.price.vmHour=0"]
    let far = ["--set", "egress.betweenSites=0", "--set", "links.betweenSites={latencyMs: 0, bandwidthMbps: 1000}"]
    let command = try await inFiles(["--window", "100"] + windows + far)
    #expect(command.code == 0, "\(command.error)")
    #expect(command.output.contains("NOT BEFORE") && command.output.contains("2026-11-25T01:00:00Z"))
    let json = try await inFiles(["--window", "100", "--format", "json"] + windows + far).json
    let next = try #require(json["next"] as? [[String: Any]])
    #expect(next.allSatisfy { $0["by"] as? String == "2026-11-25T01:00:00Z" && $0["to"] as? String == "b1" })
    #expect(next.allSatisfy { $0["notBefore"] is String && $0["cost"] is Double && $0["transferSeconds"] is Double })
  }
}
