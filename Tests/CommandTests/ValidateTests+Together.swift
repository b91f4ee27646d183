import Foundation
import Testing

/// Files that are checked against each other, and files that are something else than was thought.
extension ValidateTests {
  private static let federation = """
    sites: [{name: a, hosts: [{name: a1, vcpus: 2, memoryGiB: 8}, {name: a2, vcpus: 4, memoryGiB: 4}]}]
    links: {}
    """
  private static let application = """
    name: x
    vms:
      - {name: v1, host: a1}
      - {name: v2, host: a1}
      - {name: v3, host: a2, addresses: [10.0.0.3]}
    endpoints: [{name: nfs, site: a}]
    """
  private static let header = "source,destination,packets,frame_bytes,ip_bytes\n"

  private func validate(_ files: [(name: String, text: String)], _ options: [String] = []) async throws -> Command {
    try await withTemporaryFolder { folder in
      for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
      var command = try await Command.run(["validate"] + files.map { folder.appending(path: $0.name).path } + options)
      command.output = command.output.replacing(folder.path + "/", with: "")
      return command
    }
  }

  @Test func matrixAndApplicationAreCompared() async throws {
    let matrix = Self.header + "v1,10.0.0.3,1,1,1\nv1,nfs,1,1,1\nv1,10.0.0.9,1,1,1\n"
    let command = try await validate([
      ("m.csv", matrix), ("app.yaml", Self.application), ("fed.yaml", Self.federation),
    ])
    #expect(command.code == 0)
    let lines = command.output.split(separator: "\n")
    #expect(lines.count == 5)
    #expect(lines[0].hasPrefix("m.csv: warning: 1 endpoint that the application doesn't list: 10.0.0.9"))
    #expect(lines[2].hasPrefix("app.yaml:4:5: warning: vms[1]: no row of the traffic matrix speaks of \"v2\""))
  }

  @Test func matrixOfOtherMachines() async throws {
    let command = try await validate([("m.csv", Self.header + "x,y,1,1,1\n"), ("app.yaml", Self.application)])
    #expect(command.code == 1)
    #expect(command.output.contains("app.yaml:3:5: error: vms: no row of the traffic matrix speaks of any of them"))
  }

  /// 3 vCPUs and 6 GiB: each host has one of them, none both.
  @Test func aVMThatFitsOnNoHost() async throws {
    let large = Self.application.replacing("{name: v2, host: a1}", with: "{name: v2, vcpus: 3, memoryGiB: 6, host: a1}")
    let command = try await validate([("app.yaml", large), ("fed.yaml", Self.federation)])
    #expect(command.code == 1)
    #expect(
      command.output.contains(
        "app.yaml:4:5: error: vms[1]: \"v2\" takes 3 vCPUs and 6 GiB, which no host of the federation has"))
    let fitting = large.replacing("memoryGiB: 6", with: "memoryGiB: 4")
    #expect(try await validate([("app.yaml", fitting), ("fed.yaml", Self.federation)]).code == 0)
  }

  @Test(arguments: ["", "--kind matrix", "--kind federation"]) func capturesAreForAnalyze(_ kind: String) async throws {
    let gzip = try await Command.shell("$TRANSHUMANCE validate \(kind) Examples/cg.A.8.pcap.gz")
    #expect(gzip.code == 1 && gzip.output.contains("this is compressed (gzip) — if it is a capture"))
    let pcap = try await Command.shell("gzip -dc Examples/cg.A.8.pcap.gz | $TRANSHUMANCE validate \(kind) -")
    #expect(pcap.output == "standard input:1:1: error: this is a pcap capture — use transhumance analyze\n")
    let pcapng = try await Command.shell("printf '\\n\\r\\r\\nabcd' | $TRANSHUMANCE validate \(kind) -")
    #expect(pcapng.output.contains("this is a pcapng capture — use transhumance analyze"))
    let binary = try await Command.shell("head -c 4096 /dev/zero | $TRANSHUMANCE validate \(kind) -")
    #expect(binary.output == "standard input:1:1: error: this is a binary file, no text\n")
  }

  @Test func swappedFilesAreOneError() async throws {
    let plan = try await Command.run([
      "plan", "--federation", "Examples/cg.yaml", "--application", "Examples/federation.yaml", "--traffic", "x",
    ])
    #expect(plan.code == 1)
    #expect(plan.error.split(separator: "\n").count == 1)
    #expect(plan.error.contains("this is an application, not a federation — are two files swapped?"))
    let kind = try await Command.run(["validate", "--kind", "application", "Examples/federation.yaml"])
    #expect(kind.output.split(separator: "\n").count == 1)
    #expect(kind.output.contains("this is a federation, not an application"))
    let matrix = try await Command.run(["validate", "--kind", "federation", "Tests/Fixtures/npb/cg.A.4.csv"])
    #expect(matrix.output.contains("this is a traffic matrix, not a federation"))
  }

  @Test(arguments: [(";", "semicolons"), ("\t", "tabs")]) func otherSeparators(_ mark: String, _ name: String)
    async throws
  {
    let command = try await validate([("m.csv", Self.header.replacing(",", with: mark) + "a\(mark)b\n")])
    #expect(command.code == 1)
    #expect(
      command.output
        == "m.csv:1:1: error: the columns are separated by \(name) — separate them by commas, in all lines\n")
  }
}
