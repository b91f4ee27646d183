import Foundation
import SwiftProtobuf
import Testing
import Wire

/// `top` of a controller that tells of a period of 30 s from 2026-11-24T15:46:00Z on, in which vm4 moved from a1 to b1.
@Suite struct TopTests {
  private static let start: Int64 = 1_795_535_160_000_000_000

  /// - Parameter number: of the period, from 0.
  private static func reply(number: Int64 = 0, packets: UInt64 = 0) -> Transhumance_V1_PeriodsReply {
    .with {
      $0.periodNanoseconds = 30_000_000_000
      $0.periods = [
        .with { period in
          (period.start, period.nanoseconds) = (start + number * 30_000_000_000, 30_000_000_000)
          period.packets = packets
          let places = [("vm1", ["a1"]), ("vm2", ["b1"]), ("vm3", ["a2"]), ("vm4", ["a1", "b1"])]
          period.vms = places.map { place in .with { ($0.vm, $0.hosts) = place } }
        }
      ]
    }
  }

  /// Packets, IP bytes and waits of 30 s.
  private static let rows: [(String, String, Double, Double, Double)] = [
    ("vm1", "vm3", 300, 30_000, 60), ("vm3", "vm1", 150, 3000, 0), ("vm2", "vm1", 900, 6000, 90),
    ("vm4", "vm2", 30, 300, 0), ("10.0.0.9", "vm2", 60, 600, 30),
  ]

  private static let services: StandInServices = {
    var services = StandInServices.federation
    services.periods = [reply()]
    services.overview.applications[0].vms = ["vm1", "vm2"]
    let sites = [("a1", "a"), ("a2", "a"), ("b1", "b")]
    services.overview.hosts = sites.map { host in .with { ($0.name, $0.site) = host } }
    let names = ["vm1", "vm2", "vm3", "vm4", "10.0.0.9"]
    let index = { (name: String) in UInt32(names.firstIndex(of: name) ?? 0) }
    services.query = [
      .with { $0.header.exact = true },
      .with {
        $0.pairs.endpoints = names
        $0.pairs.source = rows.map { index($0.0) }
        $0.pairs.destination = rows.map { index($0.1) }
        $0.pairs.packets = rows.map(\.2)
        $0.pairs.ipBytes = rows.map(\.3)
        $0.pairs.frameBytes = rows.map(\.3)
        $0.pairs.waits = rows.map(\.4)
        $0.pairs.sentPackets = rows.map { _ in -1 }
        $0.pairs.bySender = rows.map { _ in false }
      },
    ]
    return services
  }()

  private func top(_ arguments: [String]) async throws -> Command {
    try await Self.services.serve { socket in
      try await Command.run(["top", "--once"] + arguments + ["--controller", socket])
    }
  }

  private func documents(_ arguments: [String], _ key: String) async throws -> [[String: Any]] {
    let run = try await top(arguments + ["--format", "json"])
    let document = try run.json
    #expect(document["start"] as? String == "2026-11-24T15:46:00Z")
    #expect(document["end"] as? String == "2026-11-24T15:46:30Z")
    #expect(document["by"] as? String == key && document["exact"] as? Bool == true)
    return try #require(document[key] as? [[String: Any]])
  }

  private func rates(_ document: Any?) -> [Double?] {
    let rates = document as? [String: Any]
    return ["packetsPerSecond", "bytesPerSecond", "waitsPerSecond"].map { rates?[$0] as? Double }
  }

  @Test func pairsAreSorted() async throws {
    let pairs = try await documents([], "pairs")
    let names = { (pair: [String: Any]) in "\(pair["source"] ?? "") \(pair["destination"] ?? "")" }
    #expect(pairs.map(names) == ["vm2 vm1", "vm1 vm3", "vm3 vm1", "10.0.0.9 vm2", "vm4 vm2"])
    #expect(pairs.map(rates) == [[30, 200, 3], [10, 1000, 2], [5, 100, 0], [2, 20, 1], [1, 10, 0]])
    let byBytes = try await documents(["--sort", "bytes"], "pairs")
    #expect(byBytes.map(names) == ["vm1 vm3", "vm2 vm1", "vm3 vm1", "10.0.0.9 vm2", "vm4 vm2"])
    let byWaits = try await documents(["--sort", "waits"], "pairs")
    #expect(byWaits.map(names) == ["vm2 vm1", "vm1 vm3", "10.0.0.9 vm2", "vm3 vm1", "vm4 vm2"])
  }

  /// A host names its VMs as it likes: none writes to a terminal what isn't text.
  @Test func namesAreText() async throws {
    var services = Self.services
    services.query[1].pairs.endpoints[0] = "vm1\u{1b}]0;owned\u{07}\nvm9"
    let table = try await services.serve { socket in
      try await Command.run(["top", "--once", "--controller", socket]).output
    }
    #expect(table.contains("vm1]0;ownedvm9  vm3 "), "\(table)")
    #expect(!table.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" }, "\(table)")
  }

  /// Each row once; vm4 is at both sites, and so at none.
  @Test func sitesHaveWhatIsInsideAndWhatCrosses() async throws {
    let sites = try await documents(["--by", "sites"], "sites")
    #expect(sites.map { $0["name"] as? String } == ["a", "b"])
    #expect(sites.map(rates) == [[45, 1300, 5], [33, 230, 1]])
    #expect(sites.map { rates($0["inside"]) } == [[15, 1100, 2], [0, 0, 0]])
    #expect(sites.map { rates($0["received"]) } == [[30, 200, 3], [3, 30, 1]])
    #expect(sites.map { rates($0["sent"]) } == [[0, 0, 0], [30, 200, 3]])
  }

  @Test func hostsAndVMs() async throws {
    let hosts = try await documents(["--by", "hosts"], "hosts")
    #expect(hosts.map { $0["name"] as? String } == ["a1", "b1", "a2"])
    #expect(hosts.map { $0["site"] as? String } == ["a", "b", "a"])
    #expect(hosts.map(rates) == [[45, 1300, 3], [33, 230, 1], [15, 1100, 2]])
    let vms = try await documents(["--by", "vms"], "vms")
    #expect(vms.map { $0["name"] as? String } == ["vm1", "vm2", "vm3", "vm4"])
    #expect(vms.map { $0["host"] as? String } == ["a1", "b1", "a2", nil])
    #expect(vms.map { $0["site"] as? String } == ["a", "b", "a", nil])
    #expect(vms.map { rates($0["received"]) } == [[35, 300, 3], [3, 30, 1], [10, 1000, 2], [0, 0, 0]])
    let own = try await documents(["--by", "vms", "--application", "ring"], "vms")
    #expect(own.map { $0["name"] as? String } == ["vm1", "vm2"])
  }

  @Test func tablesAreForPeople() async throws {
    let pairs = try await top([])
    let heading = "pairs by packets, 2026-11-24T15:46:00Z to 2026-11-24T15:46:30Z\n"
    #expect(pairs.output.hasPrefix(heading), "\(pairs.output)")
    #expect(pairs.output.contains("WAITS/S") && pairs.output.contains("1,000 B"), "\(pairs.output)")
    let sites = try await top(["--by", "sites"])
    #expect(sites.output.contains("INSIDE/S"), "\(sites.output)")
  }

  /// A document for each period that is closed; none while nothing changes, nor where a period is amended that has the
  /// same rates.
  @Test func isShownAgainWithEachPeriod() async throws {
    var services = Self.services
    services.periods = [.init(), Self.reply(), Self.reply(), Self.reply(packets: 1), Self.reply(number: 1)]
    try await services.serve { socket in
      try await withTemporaryFolder { folder in
        let top = try RunningCommand(
          Command.executable.path, ["top", "--format", "json", "--controller", socket], in: folder, name: "top")
        try await top.wait(for: "\"start\":\"2026-11-24T15:46:30Z\"")
        #expect(top.lines.count == 2 && top.errors.isEmpty, "\(top.lines) \(top.errors)")
        #expect(top.lines[0].contains("\"start\":\"2026-11-24T15:46:00Z\""))
        #expect(try await top.end(by: SIGINT) == SIGINT)
      }
    }
  }

  @Test func whatIsNotThereIsSaid() async throws {
    var services = Self.services
    services.periods = []
    let none = try await services.serve { socket in try await Command.run(["top", "--once", "--controller", socket]) }
    #expect(none.code == 4 && none.error.contains("no period has been closed yet"), "\(none.error)")
    for arguments in [["--last", "0"], ["--last", "121"], ["--by", "groups"], ["--format", "csv"]] {
      #expect(try await Command.run(["top", "--controller", "/nowhere"] + arguments).code == 2, "\(arguments)")
    }
    let absent = try await Command.run(["top", "--controller", "/nowhere"])
    #expect(absent.code == 1 && absent.error.contains("/nowhere"), "\(absent.error)")
  }

  /// Of a real controller, with what `QueryTests` has in its store.
  @Test func ofAController() async throws {
    try await withTemporaryFolder { url in
      let folder = try ControllerFolder(url)
      try await QueryTests.fill(folder.store)
      try await folder.withController {
        for subject in ["pairs", "vms", "hosts", "sites"] {
          let top = try await Command.run(
            ["top", "--once", "--last", "120", "--by", subject, "--format", "json", "--controller", folder.socket])
          #expect(top.code == 0, "\(top.error)")
          let rows = try #require(try top.json[subject] as? [[String: Any]])
          // Where the store's three periods were the last; else they are those that nobody has reported since.
          #expect(rows.allSatisfy { ($0["packetsPerSecond"] as? Double ?? 0) > 0 }, "\(rows)")
        }
        let unknown = try await Command.run(["top", "--once", "--application", "cg", "--controller", folder.socket])
        #expect(unknown.code == 1 && unknown.error.contains("there is no application \"cg\""), "\(unknown.error)")
      }
    }
  }
}
