import Testing
import Wire

/// VMs that another manager has in its care.
@Suite struct ManagedVMTests {
  private static var services: StandInServices {
    var services = StandInServices.federation
    services.list.hosts[0].report.vms[0].managedBy = "Nova"
    return services
  }

  @Test func listsSayByWhom() async throws {
    try await Self.services.serve { socket in
      let table = try await Command.run(["get", "vms", "--socket", socket]).output
      #expect(table.contains("MANAGER") && table.contains("Nova"), "\(table)")
      let csv = try await Command.run(["get", "vms", "--format", "csv", "--socket", socket]).output
      #expect(csv.contains(",96,2,Nova\n") && csv.hasSuffix(",1,\n"), "\(csv)")
      let vms = try await Command.run(["get", "vms", "--format", "json", "--socket", socket]).json["vms"]
      let managers = (vms as? [[String: Any]])?.map { $0["managedBy"] as? String }
      #expect(managers == ["Nova", nil])
      let text = try await Command.run(["describe", "vm", "vm1", "--socket", socket]).output
      #expect(text.contains("Nova: it is planned around, not moved"), "\(text)")
      let other = try await Command.run(["describe", "vm", "vm2", "--socket", socket]).output
      #expect(!other.contains("planned around"), "\(other)")
      let vm = try await Command.run(["describe", "vm", "vm1", "--format", "json", "--socket", socket]).json
      #expect(vm["managedBy"] as? String == "Nova")
    }
  }

  /// The agent that is asked here moves nothing, and says what it was asked.
  @Test func migrateTellsTheAgent() async throws {
    try await Self.services.serve { socket in
      let migrate = ["migrate", "vm1", "--to", "b1", "--socket", socket]
      let plain = try await Command.run(migrate)
      #expect(plain.code == 1 && plain.error.contains("it only tells") && !plain.error.contains("manager"))
      let despite = try await Command.run(migrate + ["--despite-manager"])
      #expect(despite.code == 1 && despite.error.contains("it only tells, despite the manager"), "\(despite.error)")
    }
  }
}
