import Foundation
import Testing

@Suite struct AnalyzeTests {
  /// Counts of every pair as tshark gives them.
  @Test(arguments: ["cg.A.8", "mg.A.8"])
  func countsEqualTshark(name: String) async throws {
    let ours = try await Command.run(["analyze", "Examples/\(name).pcap.gz", "--format", "csv"])
    #expect(ours.code == 0)
    let columns = { (line: Substring) in line.split(separator: ",").prefix(5).joined(separator: ",") }
    let expected = try String(
      contentsOf: Command.root.appending(path: "Tests/Fixtures/npb/\(name).csv"), encoding: .utf8)
    #expect(
      ours.output.split(separator: "\n").map(columns).sorted() == expected.split(separator: "\n").map(columns).sorted())
  }

  @Test func documentOfATrace() async throws {
    let analysis = try await Command.run(["analyze", "Examples/mg.A.8.pcap.gz", "--format", "json"]).json
    let trace = try #require(analysis["trace"] as? [String: Any])
    // Figures by capinfos.
    #expect(trace["packets"] as? Int == 129_195)
    #expect(trace["start"] as? String == "2026-11-24T15:46:42.154686Z")
    #expect(trace["end"] as? String == "2026-11-24T15:46:46.550780Z")
    #expect(trace["complete"] as? Bool == true)
    let periods = try #require(analysis["periods"] as? [[String: Any]])
    #expect(periods.map { $0["start"] as? String } == ["2026-11-24T15:46:30Z"])
  }

  /// Groups that the traffic of NAS programs is known to have: two halves (cg, lu), a hypercube (mg).
  @Test(arguments: [
    ("cg.A.8.csv", ["--method", "leiden"], ["1 2 3 4", "5 6 7 8"]),
    ("mg.A.8.csv", [], ["1 2 3 4 5 6 7 8"]),
    ("cg.A.4.csv", ["--method", "report", "--factor", "0"], ["1 2", "3 4"]),
    ("cg.A.4.csv", ["--method", "report", "--factor", "1"], ["1 2", "3 4"]),
    ("lu.A.8.csv", ["--method", "report", "--measure", "bytes"], ["1 2 3 4", "5 6 7 8"]),
    ("lu.A.8.csv", ["--method", "report", "--measure", "messages"], ["1 2 3 4", "5 6", "7 8"]),
    ("ep.A.8.csv", ["--window", "20"], []),
  ])
  func groups(file: String, options: [String], expected: [String]) async throws {
    let analysis = try await Command.run(["analyze", "Tests/Fixtures/npb/\(file)", "--format", "json"] + options).json
    let groups = try #require(analysis["groups"] as? [String: Any])
    let members = try #require(groups["members"] as? [[String]])
    #expect(members.map { $0.map { $0.replacing("10.77.0.", with: "") }.joined(separator: " ") } == expected)
    #expect(analysis["trace"] is NSNull)
  }

  @Test func severalFilesAreOneTrace() async throws {
    let once = try await Command.run(["analyze", "Examples/mg.A.8.pcap.gz", "--format", "json"]).json
    let twice = try await Command.run(
      ["analyze", "Examples/mg.A.8.pcap.gz", "Examples/cg.A.8.pcap.gz", "--format", "json"]).json
    let packets = { (analysis: [String: Any]) in (analysis["trace"] as? [String: Any])?["packets"] as? Int }
    #expect(packets(once) == 129_195)
    #expect(packets(twice) == 129_195 + 196_563)
    #expect(((twice["trace"] as? [String: Any])?["files"] as? [String])?.count == 2)
  }

  @Test func aMatrixReadBackGivesTheSameGroups() async throws {
    let matrix = try await Command.run(["analyze", "Examples/cg.A.8.pcap.gz", "--format", "csv"])
    let fromMatrix = try await Command.run(["analyze", "-", "--format", "json"], input: matrix.output).json
    let fromTrace = try await Command.run(["analyze", "Examples/cg.A.8.pcap.gz", "--format", "json"]).json
    let members = { (analysis: [String: Any]) in (analysis["groups"] as? [String: Any])?["members"] as? [[String]] }
    #expect(members(fromMatrix) == members(fromTrace))
    #expect(members(fromTrace)?.count == 2)
  }

  @Test func drawings() async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "traffic.svg")
      let command = try await Command.run([
        "analyze", "Examples/cg.A.8.pcap.gz", "--plot", file.path, "--format", "dot",
      ])
      #expect(command.code == 0)
      #expect(command.output.hasPrefix("graph") || command.output.hasPrefix("digraph"))
      let picture = try String(contentsOf: file, encoding: .utf8)
      #expect(picture.contains("<svg"))
      #expect(picture.contains("10.77.0.8"))
    }
  }

  /// The window of either kind of input is what its rate is measured over: 129,195 packets in 4.4 s are many, in a
  /// month few.
  @Test func aWindowReplacesTheTimesOfACapture() async throws {
    for (options, outcome) in [([], "one"), (["--window", "2592000"], "negligible")] {
      let analysis = try await Command.run(
        ["analyze", "Examples/mg.A.8.pcap.gz", "--format", "json"] + options
      ).json
      #expect((analysis["groups"] as? [String: Any])?["outcome"] as? String == outcome)
    }
    let table = try await Command.run(["analyze", "Examples/mg.A.8.pcap.gz", "--window", "2592000"])
    #expect(table.output.hasPrefix("129,195 packets in 4.4"))
  }

  @Test func aMatrixWithoutAWindowIsNotTestedForNegligibility() async throws {
    let untested = try await Command.run(["analyze", "Tests/Fixtures/npb/mg.A.8.csv"])
    #expect(untested.output.contains("not tested: --window"))
    let tested = try await Command.run(["analyze", "Tests/Fixtures/npb/mg.A.8.csv", "--window", "4.4"])
    #expect(!tested.output.contains("--window"))
  }

  @Test func packetsMayArriveAtOnce() async throws {
    #expect(try await Command.run(["analyze", "Examples/mg.A.8.pcap.gz", "--hop", "0"]).code == 0)
    #expect(try await Command.run(["analyze", "Examples/mg.A.8.pcap.gz", "--period", "0"]).code == 2)
  }

  /// As JSON writes names and numbers, read back by another program.
  @Test func namesAndNumbersAsJSON() async throws {
    let matrix = #"""
      source,destination,packets,frame_bytes,ip_bytes
      "say ""hé\\llo""",b/😀,0.1,1e12,1e-7
      """#
    let json = try await Command.run(["analyze", "-", "--format", "json"], input: matrix).json
    let row = try #require((json["pairs"] as? [[String: Any]])?.first)
    #expect(row["source"] as? String == #"say "hé\\llo""#)
    #expect(row["destination"] as? String == "b/😀")
    #expect(row["packets"] as? Double == 0.1)
    #expect(row["frameBytes"] as? Double == 1e12)
    #expect(row["ipBytes"] as? Double == 1e-7)
    #expect(row["waits"] == nil)
  }
}
