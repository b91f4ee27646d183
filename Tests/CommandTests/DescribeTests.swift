import Testing
import Wire

/// `describe` asked of services that tell what `StandInServices.federation` has.
@Suite struct DescribeTests {
  private func describe(_ arguments: [String]) async throws -> Command {
    try await StandInServices.federation.serve { socket in
      try await Command.run(["describe"] + arguments + ["--socket", socket, "--controller", socket])
    }
  }

  @Test func aVM() async throws {
    let vm = try await describe(["vm", "vm1", "--format", "json"]).json
    #expect(vm["name"] as? String == "vm1" && vm["host"] as? String == "a1" && vm["site"] as? String == "a")
    #expect(vm["state"] as? String == "running" && vm["memoryMiB"] as? Double == 96 && vm["epoch"] as? Int == 2)
    let interfaces = try #require(vm["interfaces"] as? [[String: Any]])
    #expect(interfaces.map { $0["network"] as? String } == ["blue"])
    #expect(interfaces.map { $0["mac"] as? String } == ["52:54:00:00:01:01"])
    #expect(interfaces.map { $0["addresses"] as? [String] } == [["192.168.77.1"]])
    let moves = try #require(vm["moves"] as? [[String: Any]])
    #expect(moves.map { $0["move"] as? String } == ["vm1-1"] && moves[0]["downtimeSeconds"] as? Double == 0.25)
    let text = try await describe(["vm", "vm1"]).output
    #expect(text.contains("Interface:  blue  52:54:00:00:01:01  192.168.77.1") && text.contains("vm1-1"), "\(text)")
  }

  @Test func aHost() async throws {
    let host = try await describe(["host", "a1", "--format", "json"]).json
    #expect(host["agent"] as? String == "ready" && host["vms"] as? [String] == ["vm1"])
    #expect(host["vcpusUsed"] as? Double == 1 && host["memoryMiB"] as? Double == 2048)
    #expect(host["corrections"] as? Int == 3 && (host["moves"] as? [Any])?.count == 1)
    let text = try await describe(["host", "a1"]).output
    #expect(text.contains("3 objects mended") && text.contains("96.0 MiB of 2.0 GiB"), "\(text)")
    #expect(text.contains("Held:          by root since 2026-11-24T15:46:00Z: a fan"), "\(text)")
    #expect((host["held"] as? [String: String])?["reason"] == "a fan")
    let silent = try await describe(["host", "b1", "--format", "json"]).json
    #expect(silent["agent"] as? String == "silent: no answer, \"at all\"" && silent["vms"] == nil)
  }

  /// vm3 at b1 has the address of vm2 there, and the Ethernet address of vm1 at a1.
  @Test func whatIsWrongWithAHost() async throws {
    var services = StandInServices.federation
    var entry = StandInServices.entry(of: "vm3", number: 2, at: "b1", epoch: 1)
    entry.interfaces[0].mac = 0x5254_0000_0101
    services.list.map.entries.append(entry)
    try await services.serve { socket in
      let list = try await Command.run(["get", "hosts", "--format", "csv", "--socket", socket])
      let counts = list.output.split(separator: "\n").map { line in
        line.split(separator: ",", omittingEmptySubsequences: false).dropLast(4).last
      }
      #expect(counts == ["conflicts", "1", "2"])
      let text = try await Command.run(["describe", "host", "a1", "--socket", socket]).output
      #expect(text.contains("52:54:00:00:01:01 on blue is vm1's: vm3 isn't reached by it"), "\(text)")
      #expect(!text.contains("192.168.77.2 on blue"))
      #expect(text.contains("b1 (no answer, \"at all\"), by the agent of a1"), "\(text)")
      let host = try await Command.run(["describe", "host", "b1", "--format", "json", "--socket", socket]).json
      let conflicts = try #require(host["conflicts"] as? [[String: String]])
      #expect(conflicts.map { $0["address"] } == ["52:54:00:00:01:01", "192.168.77.2"])
      #expect(conflicts.map { $0["holder"] } == ["vm1", "vm2"] && conflicts.allSatisfy { $0["other"] == "vm3" })
      #expect((host["silentHosts"] as? [Any])?.isEmpty == true)
    }
  }

  @Test func aSite() async throws {
    let text = try await describe(["site", "a"]).output
    #expect(text.contains("Quota:      5 vCPUs, 500 vCPU-hours, 7 VMs") && text.contains("Headroom:   25 %"), "\(text)")
    #expect(text.contains("vCPUs:      3 of 8") && text.contains("Available:  until 2026-11-24T15:46:00Z"), "\(text)")
    #expect(text.contains("a1    yes"), "\(text)")
    #expect(text.contains("a2    no: it is silent: its agent isn't connected"), "\(text)")
    let site = try await describe(["site", "b", "--format", "json"]).json
    let states = try #require(site["hostStates"] as? [[String: Any]])
    #expect(site["name"] as? String == "b" && states.map { $0["name"] as? String } == ["b1"])
    #expect(states[0]["takesVMs"] as? Bool == false)
  }

  @Test func aMove() async throws {
    let move = try await describe(["move", "vm1-1", "--format", "json"]).json
    #expect(move["vm"] as? String == "vm1" && move["result"] as? String == "done" && move["rounds"] as? Int == 2)
    #expect(move["by"] as? String == "alice")
    #expect((move["steps"] as? [[String: Any]])?.first?["at"] as? String == "2026-11-24T15:46:00Z")
    let text = try await describe(["move", "vm1-1"]).output
    #expect(text.contains("vm1 from b1 to a1, by alice: done"), "\(text)")
  }

  @Test func aPlan() async throws {
    let plan = try await describe(["plan", "ring-1", "--format", "json"]).json
    #expect(plan["predictedGain"] as? Double == 2.5 && plan["achievedGain"] as? Double == 2.25)
    let steps = try #require(plan["steps"] as? [[String: Any]])
    #expect(steps.map { $0["lostPackets"] as? Int } == [3])
    #expect((steps[0]["move"] as? [String: Any])?["totalSeconds"] as? Double == 1.5)
    let text = try await describe(["plan", "ring-2"]).output
    #expect(text.contains("failed: vm1 was moved") && text.contains("3 times the message rate"), "\(text)")
  }

  @Test func whatAPlanStandsOn() async throws {
    var services = StandInServices.federation
    services.overview.plans[1].document = """
      {"remaining": {"source": "earlierRuns", "seconds": 21600, "errorSeconds": 4157, "basis": "3 earlier runs (10 h)",
      "others": [], "remarks": ["it may last"]}, "payBackSeconds": 90, "seen": {"partial": true, "vms": ["vm3"],
      "unknown": ["what vm3 exchanges"]}}
      """
    try await services.serve { socket in
      let asked = ["describe", "plan", "ring-2", "--socket", socket, "--controller", socket]
      let text = try await Command.run(asked).output
      #expect(text.contains("Run:          6 h ± 69.3 min (3 earlier runs (10 h))"), "\(text)")
      #expect(text.contains("Pays back:    after 90 s") && text.contains("Not known:    what vm3 exchanges"), "\(text)")
      let plan = try await Command.run(asked + ["--format", "json"]).json
      let remaining = try #require(plan["remaining"] as? [String: Any])
      #expect(remaining["errorSeconds"] as? Double == 4157 && remaining["remarks"] as? [String] == ["it may last"])
      #expect((plan["seen"] as? [String: Any])?["partial"] as? Bool == true && plan["payBackSeconds"] as? Double == 90)
    }
  }

  @Test func whatIsKnownOfAnApplication() async throws {
    var services = StandInServices.federation
    services.overview.applications[0].knowledge = """
      {"remaining": {"source": "stated", "seconds": 3600, "basis": "as stated"},
      "seen": {"partial": true, "unknown": ["what VMs at b2 receive: reports are missing"]},
      "calibration": {"waitFactor": 0.7, "error": 0.1, "plans": 2}}
      """
    try await services.serve { socket in
      let text = try await Command.run(
        ["describe", "application", "ring", "--socket", socket, "--controller", socket]
      ).output
      #expect(text.contains("Run:          60 min (as stated)"), "\(text)")
      #expect(text.contains("A wait:       counts 0.7 ± 0.1 of what the formula says (2 plans)"), "\(text)")
      #expect(text.contains("Not known:    what VMs at b2 receive"), "\(text)")
      let list = try await Command.run(["get", "applications", "--controller", socket]).output
      #expect(list.contains("seen in part; it is well, as it is"), "\(list)")
    }
  }

  @Test func anApplication() async throws {
    let application = try await describe(["application", "ring", "--format", "json"]).json
    #expect(application["hosts"] as? [String: String] == ["vm1": "a1", "vm2": "b1"])
    #expect((application["plans"] as? [[String: Any]])?.map { $0["plan"] as? String } == ["ring-1", "ring-2"])
    let text = try await describe(["application", "ring"]).output
    #expect(text.contains("Reason:       it is well, as it is"), "\(text)")
    #expect(text.contains("{vm1} {vm2}") && text.contains("1,235 a second between its VMs"), "\(text)")
  }

  @Test(
    arguments: [
      ("vm", "there is no VM \"x\""), ("host", "no host"), ("site", "no site"), ("move", "no move"),
      ("plan", "no plan"), ("application", "no application"),
    ])
  func whatIsNotThere(_ kind: String, _ message: String) async throws {
    let run = try await describe([kind, "x", "--format", "json"])
    #expect(run.code == 1 && run.output.isEmpty && run.error.contains(message), "\(run.error)")
    #expect(run.error.contains("`transhumance get \(kind)s` lists all"))
  }
}
