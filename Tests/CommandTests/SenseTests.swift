import Testing

@Suite struct SenseTests {
  @Test(arguments: [
    (["--mac", "52:54:00:00:01"], "--mac 52:54:00:00:01: not the Ethernet address of a machine"),
    (["--mac", "ff:ff:ff:ff:ff:ff"], "not the Ethernet address of a machine"),
    (["--file-server", "239.1.1.1=nfs"], "--file-server 239.1.1.1: not the IP address of a machine"),
    (["--file-server", "nfs"], "not the IP address of a machine"),
    (["--interface", "=vm1"], "=vm1"),
    (["--interface", "lo", "--interface", "lo=vm1"], "lo is given twice"),
    (["--period", "10ms"], "a tenth of a second to a day"),
    (["--periods", "0"], "one at least"),
    (["--format", "xml"], "xml"),
  ])
  func usage(_ arguments: [String], _ message: String) async throws {
    let run = try await Command.run(["sense"] + arguments)
    #expect(run.code == 2)
    #expect(run.error.contains(message), "\(run.error)")
    #expect(run.output.isEmpty)
  }

  @Test func interfacesThatArentThere() async throws {
    let interface = try await Command.run(["sense", "--interface", "nosuchtap=vm1"])
    #expect(interface.code == 1)
    #expect(interface.error.contains("there is no interface nosuchtap"))
    let mac = try await Command.run(["sense", "--mac", "02:00:00:00:00:99"])
    #expect(mac.code == 1)
    #expect(mac.error.contains("no tap of a VM with the Ethernet address 02:00:00:00:00:99"))
    let agent = try await Command.run(["sense", "--socket", "/nonexistent/agent.sock"])
    #expect(agent.code == 1)
    #expect(agent.error.contains("/nonexistent/agent.sock"))
  }

  /// Settings of an agent's sensor are for what it reports.
  @Test func settingsWithoutACollector() async throws {
    let run = try await Command.run(
      ["host", "--name", "a1", "--lab", "lab.yaml", "--state", "/tmp", "--file-server", "10.0.0.9"])
    #expect(run.code == 2)
    #expect(run.error.contains("--collector"))
  }
}
