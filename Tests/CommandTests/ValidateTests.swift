import Foundation
import Testing

@Suite struct ValidateTests {
  @Test func examplesAreValid() async throws {
    let files = ["cg", "mg", "federation"].map { "Examples/\($0).yaml" }
    let command = try await Command.run(["validate"] + files)
    #expect(command.code == 0 && command.error.isEmpty)
    let lines = command.output.split(separator: "\n")
    #expect(lines.count == 3 && lines.allSatisfy { $0.contains(".yaml: valid: ") })
    #expect(!command.output.contains("not checked"))
  }

  @Test func matrixFromStandardInput() async throws {
    let command = try await Command.shell(
      "$TRANSHUMANCE analyze Examples/mg.A.8.pcap.gz --format csv | $TRANSHUMANCE validate -")
    #expect(command.code == 0)
    // 8 machines, of which each talks to some of the others.
    #expect(command.output.hasPrefix("standard input: valid: matrix of 8 endpoints with "))
  }

  /// All problems of all files, each with its place, and a code for scripts.
  @Test func problemsHavePlaces() async throws {
    let files = ["application/limits.yaml", "federation/duplicate-keys.yaml", "matrix/width.csv"]
      .map { "Tests/Fixtures/Documents/Bad/\($0)" }
    let command = try await Command.run(["validate"] + files)
    #expect(command.code == 1)
    let expected = try files.flatMap { file in
      let url = Command.root.appending(path: file).deletingPathExtension().appendingPathExtension("expected")
      return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { "\(file):\($0)" }
    }
    #expect(command.output.split(separator: "\n").map(String.init) == expected)
  }

  @Test func applicationIsCheckedAgainstTheFederation() async throws {
    let folder = "Tests/Fixtures/Documents/Bad/together"
    let alone = try await Command.run(["validate", "\(folder)/unknown-host.yaml"])
    #expect(alone.code == 0 && alone.output.contains("not checked against a federation"))
    let together = try await Command.run(["validate", "\(folder)/unknown-host.yaml", "\(folder)/federation.yaml"])
    #expect(together.code == 1)
    #expect(together.output.contains("unknown-host.yaml:2:23: error: vms[0].host: "))
    #expect(together.output.contains("federation.yaml: valid"))
  }

  @Test func contradictionsAreErrors() async throws {
    let file = "Tests/Fixtures/Documents/Bad/application/pin-and-ban.yaml"
    let document = try await Command.run(["validate", file, "--format", "json"])
    #expect(document.code == 1)
    let files = try #require(try document.json["files"] as? [[String: Any]])
    #expect(try document.json["valid"] as? Bool == false)
    #expect(files.count == 1 && files[0]["kind"] as? String == "application" && files[0]["file"] as? String == file)
    let problems = try #require(files[0]["diagnostics"] as? [[String: Any]])
    #expect(problems.count == 1 && problems[0]["severity"] as? String == "error")
    #expect(problems[0]["line"] as? Int == 6 && problems[0]["column"] as? Int == 5)
    #expect(problems[0]["hint"] as? String == "see also lines 4, 5")
  }

  @Test func filesThatCannotBeRead() async throws {
    let command = try await Command.run(["validate", "no-such-file.yaml", "Examples"])
    #expect(command.code == 1)
    #expect(command.output.contains("no-such-file.yaml: error: No such file or directory"))
    #expect(command.output.contains("Examples: error: Is a directory"))
  }

  @Test func kindIsForced() async throws {
    let file = "Tests/Fixtures/Documents/Bad/matrix/no-header.csv"
    let told = try await Command.run(["validate", file])
    #expect(told.code == 1 && told.output.contains("neither a federation, a lab, an application, a scenario nor a traffic matrix"))
    let forced = try await Command.run(["validate", "--kind", "matrix", file])
    #expect(forced.code == 1 && forced.output.contains("the header lacks source, destination"))
  }

  @Test(arguments: [[], ["--kind", "graph", "x"], ["-", "-"], ["--format", "xml", "x"]])
  func usage(arguments: [String]) async throws {
    #expect(try await Command.run(["validate"] + arguments).code == 2)
  }

  @Test func filesBeyondWhatIsRead() async throws {
    let command = try await Command.shell("head -c 67108865 /dev/zero | tr '\\0' '#' | $TRANSHUMANCE validate -")
    #expect(command.code == 1)
    #expect(command.output.contains("at most 64 MiB are read"))
  }

  @Test(arguments: ["--kind matrix /dev/zero", "--kind federation /dev/zero"])
  func filesWithoutEnd(arguments: String) async throws {
    let command = try await Command.shell("$TRANSHUMANCE validate \(arguments)")
    #expect(command.code == 1 && command.output.contains("error: "))
  }

  @Test func badRowsWithoutEnd() async throws {
    let header = "head -n 1 Tests/Fixtures/npb/cg.A.4.csv"
    let command = try await Command.shell("(\(header); yes a,b,x) | $TRANSHUMANCE validate -")
    #expect(command.code == 1 && command.output.contains("and 9950 more"))
  }
}
