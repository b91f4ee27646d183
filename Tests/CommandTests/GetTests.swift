import Testing

/// `get` asked of services that tell what `StandInServices.federation` has.
@Suite struct GetTests {
  /// CSV is for programs: no unit in a cell, nothing where nothing is known.
  @Test(arguments: [
    (
      "vms",
      """
      name,state,host,site,address,vcpus,memory_mib,epoch
      vm1,running,a1,a,192.168.77.1,1,96,2
      vm2,unknown (agent silent),b1,b,192.168.77.2,,,1

      """
    ),
    (
      "hosts",
      """
      name,site,address,agent,hypervisor,vms,vcpus_used,vcpus,memory_used_mib,memory_mib,conflicts,\
      held_since,held_by,held_reason
      a1,a,10.99.1.1,ready,ready,1,1,4,96,2048,0,2026-11-24T15:46:00Z,root,a fan
      b1,b,10.99.2.1,"silent: no answer, ""at all""\",,,,,,,0,,,

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
    }
  }
}
