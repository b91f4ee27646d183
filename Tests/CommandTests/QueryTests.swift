import Foundation
import Model
import Storage
import Testing
import Traffic

/// `query` asked of a real controller, whose store has three periods of 30 s from 2026-11-24T15:46:00Z on, the second
/// of them without b1. Expected values are worked out by hand.
@Suite struct QueryTests {
  private static let start = Timestamp(nanoseconds: 1_795_535_160_000_000_000)

  @Test func answersInEachFormat() async throws {
    try await withController { socket in
      let span = ["--start", "2026-11-24T15:46:10Z", "--end", "2026-11-24T15:47:01Z", "--controller", socket]
      func query(_ arguments: [String]) async throws -> Command { try await Command.run(["query"] + arguments + span) }

      let detail = try await query(["--format", "json"])
      #expect(detail.code == 0, "\(detail.error)")
      let document = try detail.json
      #expect(document["answer"] as? String == "detail")
      #expect(document["start"] as? String == "2026-11-24T15:46:00Z")
      #expect(document["end"] as? String == "2026-11-24T15:47:30Z")
      #expect(document["exact"] as? Bool == false)
      #expect(document["missingHosts"] as? [String] == ["b1"])
      #expect(document["approximated"] is NSNull)
      let periods = try #require(document["periods"] as? [[String: Any]])
      #expect(periods.map { $0["complete"] as? Bool } == [true, false, true])
      #expect(periods.map { $0["seconds"] as? Double } == [30, 30, 30])
      let pairs = try #require(periods[0]["pairs"] as? [[String: Any]])
      #expect(pairs.count == 1)
      #expect(pairs[0]["source"] as? String == "vm1")
      #expect(pairs[0]["destination"] as? String == "vm\"2\"<&>")
      #expect(pairs[0]["packets"] as? Double == 10)
      #expect(pairs[0]["sentPackets"] as? Double == 12)
      #expect(pairs[0]["bySender"] as? Bool == false)
      let sent = try #require(periods[1]["pairs"] as? [[String: Any]])
      #expect(sent[0]["packets"] as? Double == 12)
      #expect(sent[0]["bySender"] as? Bool == true)

      // (10 + 12 + 30) / 3; (10·1 + 12·2 + 30·4) / 7; (10·1 + 30·3) / 4
      for (arguments, packets) in [
        (["--answer", "mean"], 52.0 / 3), (["--answer", "weighted"], 22), (["--weights", "1,0,3"], 25),
      ] {
        let mean = try await query(arguments + ["--format", "json"]).json
        let rows = try #require(mean["pairs"] as? [[String: Any]])
        #expect(abs((rows[0]["packets"] as? Double ?? 0) - packets) < 1e-9)
      }

      let csv = try await query(["--weights", "1,0,3", "--format", "csv"])
      #expect(
        csv.output == """
          source,destination,packets,frame_bytes,ip_bytes,waits,sent_packets,by_sender
          vm1,"vm""2""<&>",25,2500,2150,0,27,false

          """)
      let table = try await query([])
      #expect(table.output.contains("PACKETS"))
      #expect(table.output.contains("Counts are missing of b1"))

      let answers = [
        ["--answer", "detail"], ["--answer", "mean"], ["--weights", "1,0,3"], ["--coefficient", "0.5"],
      ]
      for arguments in answers {
        let xml = try await query(arguments + ["--format", "xml"])
        #expect(xml.code == 0)
        try await validate(xml.output)
      }
    }
  }

  /// vm1 is at a1 (site a), the other at b1 (site b), which isn't known for the second period.
  @Test func betweenPlacesAndOfSome() async throws {
    try await withController { socket in
      let mean = [
        "query", "--start", "2026-11-24T15:46:10Z", "--end", "2026-11-24T15:47:01Z", "--answer", "mean", "--format",
        "json", "--controller", socket,
      ]
      let other = "vm\"2\"<&>"
      // (10 + 30) / 3 from a1 to b1; 12 / 3 to who was nobody knows where; of b1's VMs only the former.
      let cases: [([String], [String: Double])] = [
        (["--by", "host"], ["a1 b1": 40.0 / 3, "a1 \(other)": 4]),
        (["--by", "site"], ["a b": 40.0 / 3, "a \(other)": 4]),
        (["--by", "application"], ["vm1 \(other)": 52.0 / 3]),
        (["--vm", other], ["vm1 \(other)": 52.0 / 3]),
        (["--vm", "vm1", "--vm", "vm9"], ["vm1 \(other)": 52.0 / 3]),
        (["--host", "b1"], ["vm1 \(other)": 40.0 / 3]),
        (["--site", "b", "--by", "site"], ["a b": 40.0 / 3]),
      ]
      for (arguments, wanted) in cases {
        let answer = try await Command.run(mean + arguments)
        #expect(answer.code == 0, "\(answer.error)")
        let pairs = try #require(try answer.json["pairs"] as? [[String: Any]])
        let found = pairs.map { pair in
          ("\(pair["source"] ?? "") \(pair["destination"] ?? "")", pair["packets"] as? Double ?? .nan)
        }
        #expect(found.map(\.0).sorted() == wanted.keys.sorted(), "\(arguments)")
        for (pair, packets) in found { #expect(abs(packets - (wanted[pair] ?? .nan)) < 1e-9, "\(arguments)") }
      }
      for (arguments, words) in [
        (["--vm", "vm9"], "no VM \"vm9\""), (["--host", "b9"], "no host \"b9\""),
        (["--site", "c"], "there is no site \"c\": there are a, b"),
      ] {
        let answer = try await Command.run(mean + arguments)
        #expect(answer.code == 1)
        #expect(answer.error.contains(words), "\(answer.error)")
        #expect(answer.output.isEmpty)
      }
    }
  }

  @Test func picturesAndData() async throws {
    try await withController { socket in
      let span = ["--start", "2026-11-24T15:46:10Z", "--end", "2026-11-24T15:47:01Z", "--controller", socket]
      try await withTemporaryFolder { folder in
        let file = folder.path + "/traffic.svg"
        let data = try await Command.run(["query", "--format", "gnuplot", "--plot", file] + span)
        #expect(data.code == 0, "\(data.error)")
        // 10, 12 and 30 packets, each in a data set of its own.
        #expect(data.output.contains("1795535160 30 0 1 10 "))
        #expect(data.output.components(separatedBy: "\n\n\n").count == 3)
        let picture = try String(contentsOfFile: file, encoding: .utf8)
        #expect(picture.contains("2026-11-24T15:46:00Z to 2026-11-24T15:47:30Z, not exact"))
        #expect(picture.hasSuffix("</svg>\n"))
        let dot = try await Command.run(["query", "--answer", "mean", "--format", "dot", "--plot", file] + span)
        #expect(dot.output.contains("\"vm1\" -> \"vm\\\"2\\\"<&>\" [label=\"17.3\""))
        #expect(try String(contentsOfFile: file, encoding: .utf8).contains("per period, not exact"))
        let none = try await Command.run(["query", "--plot", folder.path + "/no/where.svg"] + span)
        #expect(none.code == 1)
        #expect(none.output.isEmpty)
      }
    }
  }

  @Test func whatIsNotThereIsHandedBack() async throws {
    try await withController { socket in
      let query = ["query", "--from", "2262-01-01T00:00:00Z", "--to", "2262-01-01T00:00:00Z", "--controller", socket]
      let json = try await Command.run(query + ["--format", "json", "--wait", "100ms", "--approximate"])
      #expect(json.code == 4)
      let document = try json.json
      #expect(document["refused"] as? Bool == true)
      #expect(document["availableAt"] as? String == "2262-01-01T00:00:35Z")
      #expect(document["missing"] as? [String] == [])
      #expect((document["query"] as? [String: Any])?["waitSeconds"] as? Double == 0.1)
      let table = try await Command.run(query)
      #expect(table.code == 4)
      #expect(table.output.isEmpty)
      #expect(table.error.contains("available at 2262-01-01T00:00:35Z"))
      let unknown = try await Command.run(["query", "--application", "cg", "--controller", socket])
      #expect(unknown.code == 1)
      #expect(unknown.error.contains("there is no application \"cg\""))
      // Several are asked of together.
      let two = try await Command.run([
        "query", "--application", "lu", "--application", "cg", "--controller", socket,
      ])
      #expect(two.code == 1 && two.error.contains("there is no application \"lu\""), "\(two.error)")
    }
  }

  @Test func whatCannotBeMeantIsAUsageError() async throws {
    for arguments in [
      ["--last", "0"], ["--last", "0s"], ["--last", "2", "--weights", "1"], ["--end", "2026-11-24T15:46:00Z"],
      ["--last", "1", "--from", "2026-11-24T15:46:00Z"], ["--coefficient", "0"], ["--coefficient", "nan"],
      ["--answer", "mean", "--coefficient", "2"], ["--weights", "1,-1"], ["--weights", "0,0"],
      ["--start", "yesterday"],
      ["--start", "2026-11-24T15:47:00Z", "--end", "2026-11-24T15:46:00Z"], ["--format", "yaml"], ["--by", "vm"],
      ["--vm", ""], ["--plot", "-"],
    ] {
      #expect(try await Command.run(["query", "--controller", "/nowhere"] + arguments).code == 2, "\(arguments)")
    }
    let absent = try await Command.run(["query", "--controller", "/nowhere"])
    #expect(absent.code == 1)
    #expect(absent.error.contains("/nowhere"))
  }

  private func validate(_ document: String) async throws {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/xmllint") else {
      // AnswersTests say that this is not tested.
      return
    }
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "statistics.xml")
      try Data(document.utf8).write(to: file)
      let result = try await Command.shell("xmllint --noout --schema Schemas/statistics.xsd '\(file.path)'")
      #expect(result.code == 0, "\(result.error)\n\(document)")
    }
  }

  private func withController(_ body: (_ socket: String) async throws -> Void) async throws {
    try await withTemporaryFolder { url in
      let folder = try ControllerFolder(url)
      try await Self.fill(folder.store)
      try await folder.withController { try await body(folder.socket) }
    }
  }

  static func fill(_ path: String) async throws {
    let store = try SQLiteStore(path: path)
    let other = "vm\"2\"<&>"
    for (number, packets) in [10, 0, 30].enumerated() as EnumeratedSequence<[UInt64]> {
      let period = Period(
        start: start.advanced(byNanoseconds: Int64(number) * 30_000_000_000), length: 30_000_000_000)
      let counts = PairCounts(packets: packets, frameBytes: 100 * packets, ipBytes: 86 * packets)
      func row(_ counts: PairCounts) -> SensorReport.Row {
        .init(source: .name("vm1"), destination: .name(other), counts: counts)
      }
      try await store.save(
        SensorReport(
          host: "a1", incarnation: 1, sequence: UInt64(number + 1), period: period, vms: [SensedVM(name: "vm1")],
          sent: [row(PairCounts(packets: packets == 30 ? 32 : 12))]))
      if number != 1 {
        try await store.save(
          SensorReport(
            host: "b1", incarnation: 1, sequence: UInt64(number + 1), period: period, vms: [SensedVM(name: other)],
            received: [row(counts)]))
      }
      try await store.save(
        GlobalPeriod(period: period, reports: try await store.reports(of: period), expectedHosts: ["a1", "b1"]))
    }
  }
}
