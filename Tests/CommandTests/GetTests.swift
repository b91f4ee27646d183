import Foundation
import Testing
import Wire

/// `get` asked of services that tell what `StandInServices.federation` has.
@Suite struct GetTests {
  /// CSV is for programs: no unit in a cell, nothing where nothing is known.
  @Test(arguments: [
    (
      "vms",
      """
      name,state,host,site,address,vcpus,memory_mib,epoch,managed_by
      vm1,running,a1,a,192.168.77.1,1,96,2,
      vm2,unknown (agent silent),b1,b,192.168.77.2,,,1,

      """
    ),
    (
      "hosts",
      """
      name,site,address,agent,hypervisor,vms,vcpus_used,vcpus,memory_used_mib,memory_mib,conflicts,\
      held_since,held_by,held_reason,clock_offset_seconds
      a1,a,10.99.1.1,ready,ready,1,1,4,96,2048,0,2026-11-24T15:46:00Z,root,a fan,
      b1,b,10.99.2.1,"silent: no answer, ""at all""\",,,,,,,0,,,,

      """
    ),
    (
      "moves",
      """
      move,vm,from,to,state,started,total_seconds,downtime_seconds,transferred_bytes
      vm1-1,vm1,b1,a1,done,2026-11-24T15:46:00Z,1.5,0.25,3145728

      """
    ),
    (
      "applications",
      """
      name,mode,objective,vms,grouping,groups,messages_per_second,decision,reason
      ring,advise,time,2,partition,2,1234.5,stay,"it is well, as it is"
      new,approve,cost,1,,,,,

      """
    ),
    (
      "plans",
      """
      plan,application,state,moves,predicted_gain,achieved_gain,reason
      ring-1,ring,done,1,2.5,2.25,they talk
      ring-2,ring,failed,0,3,,vm1 was moved

      """
    ),
    (
      "periods",
      """
      start,seconds,complete,missing_hosts,packets,ip_bytes,pairs
      2026-11-24T15:46:00Z,30,true,,1000,860000,2
      2026-11-24T15:46:30Z,30,false,a2 b1,0,0,0

      """
    ),
    (
      "sites",
      """
      name,kind,vm_hour_price,vcpu_hour_price,memory_gib_hour_price,quota_vcpus,quota_memory_gib,quota_vcpu_hours,\
      hosts,open_hosts,vms,vcpus_used,vcpus,memory_used_gib,memory_gib,room_vcpus,room_memory_gib,available_until,\
      quota_vms,headroom,drain,drained_hosts,closed,opens
      a,grid,0.5,0,0.25,5,,500,2,1,1,3,8,1.5,4,2,2.5,2026-11-24T15:46:00Z,7,0.25,false,1,false,
      b,,0,0,0,,,,1,0,0,0,4,0,,0,,,,0,true,0,true,2026-11-25T08:00:00Z

      """
    ),
    (
      "events",
      """
      time,kind,level,application,vm,text
      2026-11-24T15:46:00.500Z,host,warning,,,a1 is held by root
      2026-11-24T15:46:01Z,move,info,ring,vm1,"vm1 moves, ""live""\"

      """
    ),
  ])
  func csvHasPlainNumbers(_ kind: String, _ expected: String) async throws {
    try await StandInServices.federation.serve { socket in
      let get = try await Command.run(["get", kind, "--format", "csv", "--socket", socket, "--controller", socket])
      #expect(get.code == 0, "\(get.error)")
      #expect(get.output == expected)
    }
  }

  @Test func tablesAreForPeople() async throws {
    try await StandInServices.federation.serve { socket in
      let hosts = try await Command.run(["get", "hosts", "--socket", socket])
      #expect(hosts.output.contains("96.0 MiB of 2.0 GiB") && hosts.output.contains("1 of 4"), "\(hosts.output)")
      #expect(hosts.output.contains("CONFLICTS") && hosts.output.contains("by root since 2026-11-24T15:46:00Z: a fan"))
      let one = try await Command.run(["get", "vms", "vm2", "--socket", socket])
      #expect(one.output.contains("vm2") && !one.output.contains("vm1"), "\(one.output)")
      let unknown = try await Command.run(["get", "vms", "vm9", "--socket", socket])
      #expect(unknown.code == 1 && unknown.error.contains("there is no VM \"vm9\""), "\(unknown.error)")
      let sites = try await Command.run(["get", "sites", "--controller", socket])
      for words in ["0.5 a VM, 0.25 a GiB", "5 vCPUs, 500 vCPU-hours, 7 VMs", "1 of 2, a2 drained", "3 of 8",
        "until 2026-11-24T15:46:00Z", "0 of 1, drain", "opens 2026-11-25T08:00:00Z", "1.5 GiB of 4.0 GiB"] {
        #expect(sites.output.contains(words), "\(sites.output)")
      }
      #expect(sites.error.contains("a1 is held by root since 2026-11-24T15:46:00Z: a fan"), "\(sites.error)")
      let periods = try await Command.run(["get", "periods", "2026-11-24T15:46:30Z", "--controller", socket])
      #expect(periods.output.contains("a2 b1") && !periods.output.contains("1,000"), "\(periods.output)")
    }
  }

  /// The controller knows, whoever is asked for the rest.
  @Test func clocksAreThoseOfTheController() async throws {
    var services = StandInServices.federation
    (services.overview.hosts[0].heard, services.overview.hosts[0].clockOffsetSeconds) = (1, 7.25)
    try await services.serve { socket in
      let both = ["--socket", socket, "--controller", socket]
      let csv = try await Command.run(["get", "hosts", "--format", "csv"] + both).output
      #expect(csv.contains("a fan,7.25\n") && csv.hasSuffix(",\n"), "\(csv)")
      let table = try await Command.run(["get", "hosts", "--controller", socket]).output
      #expect(table.contains("CLOCK") && table.contains("+7.3 s"), "\(table)")
      let host = try await Command.run(["describe", "host", "a1"] + both).output
      #expect(host.contains("+7.3 s against the controller's"), "\(host)")
    }
  }

  /// Root is let in by a capability alone.
  @Test func aSocketOfOthersIsToldFromOneThatIsSilent() async throws {
    try await withTemporaryFolder { folder in
      let script = """
        cd '\(folder.path)'; [ $(id -u) != 0 ] || lesser='setpriv --bounding-set -dac_override --inh-caps -dac_override'
        python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("s")'; chmod 0 s
        $lesser $TRANSHUMANCE get sites --controller ./s
        """
      let command = try await Command.shell(script)
      #expect(command.code == 1)
      #expect(command.error == "error: ./s: Permission denied: run it with sudo\n", "\(command.error)")
    }
  }

  /// Without an agent the controller is asked: where it was named, and where no agent answers.
  @Test func theControllerKnowsVMsToo() async throws {
    try await StandInServices.federation.serve { socket in
      for kind in ["vms", "hosts", "moves"] {
        let agents = try await Command.run(["get", kind, "--format", "csv", "--socket", socket])
        let controllers = try await Command.run(["get", kind, "--format", "csv", "--controller", socket])
        #expect(controllers.code == 0, "\(controllers.error)")
        var expected = agents.output
        if kind == "hosts" {
          let silence = "silent: its agent isn't connected to the controller"
          expected = expected.replacing("10.99.1.1", with: "").replacing("10.99.2.1", with: "")
            .replacing("\"silent: no answer, \"\"at all\"\"\"", with: silence)
        }
        #expect(controllers.output == expected)
      }
      let host = try await Command.run(["describe", "host", "a1", "--controller", socket])
      let words = "b1 (its agent isn't connected to the controller), by the controller"
      #expect(host.output.contains(words), "\(host.output)")
      try await withTemporaryFolder { folder in
        try FileManager.default.createDirectory(
          at: folder.appending(path: "transhumance"), withIntermediateDirectories: true)
        let context = "{\"socket\": \"/nowhere\", \"controller\": \"\(socket)\"}"
        try Data(context.utf8).write(to: folder.appending(path: "transhumance/context.json"))
        let vms = try await Command.shell("XDG_CONFIG_HOME='\(folder.path)' $TRANSHUMANCE get vms --format csv")
        #expect(vms.code == 0 && vms.output.contains("vm1,running,a1"), "\(vms.error)")
        #expect(vms.error.contains("no agent at /nowhere") && vms.error.contains("what the controller knows"))
        let named = try await Command.shell("XDG_CONFIG_HOME='\(folder.path)' $TRANSHUMANCE get vms --socket /nowhere")
        #expect(named.code == 1 && named.error.contains("/nowhere"), "\(named.error)")
      }
    }
  }

  @Test func documentsHaveWhatTablesHave() async throws {
    try await StandInServices.federation.serve { socket in
      func get(_ kind: String) async throws -> [[String: Any]] {
        let run = try await Command.run(["get", kind, "--format", "json", "--socket", socket, "--controller", socket])
        return try #require(try run.json[kind] as? [[String: Any]])
      }
      let hosts = try await get("hosts")
      let held = try #require(hosts[0]["held"] as? [String: String])
      #expect(held == ["by": "root", "reason": "a fan", "since": "2026-11-24T15:46:00Z"] && hosts[1]["held"] == nil)
      let periods = try await get("periods")
      #expect(periods.map { $0["complete"] as? Bool } == [true, false] && periods[0]["ipBytes"] as? Int == 860_000)
      #expect(periods[1]["missingHosts"] as? [String] == ["a2", "b1"])
      let sites = try await get("sites")
      #expect((sites[0]["price"] as? [String: Double]) == ["vmHour": 0.5, "vcpuHour": 0, "memoryGiBHour": 0.25])
      #expect((sites[0]["quota"] as? [String: Double]) == ["vcpus": 5, "vcpuHours": 500, "vms": 7])
      #expect(sites[0]["headroom"] as? Double == 0.25 && sites[1]["drain"] as? Bool == true)
      #expect((sites[0]["room"] as? [String: Double]) == ["vcpus": 2, "memoryGiB": 2.5])
      #expect(sites[0]["openHosts"] as? [String] == ["a1"] && sites[1]["memoryGiB"] == nil)
      let events = try await get("events")
      #expect(events.map { $0["text"] as? String } == ["a1 is held by root", "vm1 moves, \"live\""])
      let some = try await Command.run(["get", "events", "move", "--format", "json", "--controller", socket]).json
      #expect((some["events"] as? [Any])?.count == 1)
    }
  }

  /// Three periods that a real controller has kept, the second of them without b1 (see `QueryTests`).
  @Test func periodsOfAController() async throws {
    try await withTemporaryFolder { url in
      let folder = try ControllerFolder(url)
      try await QueryTests.fill(folder.store)
      try await folder.withController {
        let starts = ["2026-11-24T15:46:00Z", "2026-11-24T15:46:30Z", "2026-11-24T15:47:00Z"]
        let options = ["--format", "csv", "--controller", folder.socket]
        let get = try await Command.run(["get", "periods"] + starts + options)
        #expect(
          get.output == """
            start,seconds,complete,missing_hosts,packets,ip_bytes,pairs
            2026-11-24T15:46:00Z,30,true,,10,860,1
            2026-11-24T15:46:30Z,30,false,b1,12,0,1
            2026-11-24T15:47:00Z,30,true,,30,2580,1

            """, "\(get.error)")
        let sites = try await Command.run(["get", "sites"] + options)
        let rows = sites.output.split(separator: "\n").dropFirst()
        // No host is connected: none takes VMs.
        let alike = "0,0,0,,,,1,0,0,0,4,0,8,0,0,,,0,false,0,false,"
        #expect(rows == ["a,grid,\(alike)", "b,cloud,\(alike)"], "\(sites)")
      }
    }
  }
}
