import Foundation
import Testing

/// Files that can't be planned from, in part or at all: one message, that names the file and the place.
extension PlanTests {
  @Test func figuresOutOfRangeAreAscribedToTheirFile() async throws {
    let window = try await inFiles(["--window", "1e19"])
    #expect(window.code == 2 && window.error.contains("--window: the window in seconds is 1e+19"))
    let federation = Self.federation.replacing("watts: 100", with: "watts: 100, speed: 0.0000000001")
    let speed = try await inFiles(federation: federation)
    #expect(speed.code == 1 && speed.error.contains("/federation: speed of host ‘a1’"))
    let rows = Self.matrix + "\nv1,v2,1,1,1000000000000000000,0\nv1,v2,1,1,1000000000000000000,0"
    let sums = try await inFiles(matrix: rows)
    #expect(sums.code == 1 && sums.error.contains("/traffic: the bytes from v1 to v2"))
  }

  @Test func aCutCaptureWarnsInTheDocument() async throws {
    try await withTemporaryFolder { folder in
      let cut = folder.appending(path: "cut.pcap").path
      let line =
        "gzip -dc Examples/cg.A.8.pcap.gz | head -c 1000003 > \(cut); $TRANSHUMANCE plan --federation "
        + "Examples/federation.yaml --application Examples/cg.yaml --traffic \(cut) --format json"
      let command = try await Command.shell(line)
      #expect(command.code == 1)
      let warnings = try #require(try command.json["warnings"] as? [String])
      #expect(warnings.contains { $0.contains("cut.pcap") && $0.contains("byte") }, "\(warnings)")
      #expect(command.error.contains("warning: \(cut)"))
    }
  }

  /// Lines that editors can follow, each with its own label and no other before it.
  @Test func diagnosticsHaveOneLabel() async throws {
    let application = Self.application.replacing("host: a1", with: "host: x1").replacing("host: b1", with: "host: x2")
    let command = try await inFiles(application: application)
    let lines = command.error.split(separator: "\n")
    #expect(command.code == 1 && lines.count == 2)
    #expect(lines.allSatisfy { $0.hasPrefix("/") && $0.contains(": error: vms[") }, "\(lines)")
  }

  @Test(arguments: ["plan", "place"]) func someVMsWithoutAHostAreToldOnce(_ name: String) async throws {
    let application = Self.application.replacing("host: b1, ", with: "")
    let command = try await inFiles(application: application, command: name)
    #expect(command.code == 2)
    #expect(command.error.split(separator: "\n").count == 1)
    #expect(command.error.contains("application:5:5: error: vms[1]: \"v2\" has no host, but one VM has"))
  }

  /// One line each, that names the file.
  @Test(arguments: ["Examples", "no-such-file", "/dev/null", "/dev/zero", "Examples/mg.A.8.pcap.gz"])
  func filesThatAreNoDocument(_ path: String) async throws {
    for option in ["federation", "application"] {
      let files = ["federation": "Examples/federation.yaml", "application": "Examples/mg.yaml"]
        .merging([option: path]) { $1 }.flatMap { ["--\($0)", $1] }
      let command = try await Command.run(["plan", "--traffic", "Examples/mg.A.8.pcap.gz"] + files)
      #expect(command.code == 1 && command.output.isEmpty)
      #expect(command.error.split(separator: "\n").count == 1 && command.error.contains(path), "\(command.error)")
    }
  }

  @Test func documentsFromPipes() async throws {
    let command = try await Command.shell(
      "d=$(mktemp -d); mkfifo $d/app; cat Examples/mg.yaml > $d/app & cat Examples/federation.yaml | $TRANSHUMANCE "
        + "plan --federation - --application $d/app --traffic Examples/mg.A.8.pcap.gz; code=$?; rm -r $d; exit $code")
    #expect(command.code == 0 && command.output.hasPrefix("stay: "), "\(command.error)")
  }

  /// By one path or two; what counts twice is refused.
  @Test func theSameCaptureTwice() async throws {
    let capture = "Examples/cg.A.8.pcap.gz"
    let plan = [
      "plan", "--federation", "Examples/federation.yaml", "--application", "Examples/cg.yaml", "--traffic", capture,
      "--traffic",
    ]
    let twice = try await Command.run(plan + [capture])
    #expect(twice.code == 1 && twice.error.contains("is given twice"))
    let linked = try await Command.run(["analyze", capture, "Examples/../Examples/cg.A.8.pcap.gz"])
    #expect(linked.code == 1 && linked.error.contains("is the same file as \(capture)"))
    #expect(try await Command.run(plan + ["Examples/mg.A.8.pcap.gz"]).code == 0)
  }
}
