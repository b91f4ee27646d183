import Foundation
import Testing

/// A lab whose controller, agents and hypervisors have certificates.
extension SystemTests {
  private static let secure = "security: tls"
  /// Of b1, on the underlay.
  private static let b1 = "10.99.2.1"
  /// What a guest's memory and its domain's description hold, and nobody says in clear.
  static let secret = "th.name=vm1"
  private static let libvirtPorts: (plain: UInt16, tls: UInt16) = (16509, 16514)
  /// libvirt gives them to QEMU for migrations (`migration_port_min`).
  private static let migrationPorts: ClosedRange<UInt16> = 49152...49215

  /// There and back, with nothing of the VM to be read between the sites.
  @Test func aSecureLabMovesUnheard() async throws {
    try await SmallLab.with(more: Self.secure) { lab in
      try await expectClosedDoors(lab)
      let before = lab.progress()
      for (from, to) in [("a1", "b1"), ("b1", "a1")] {
        let heard = try await Wiretap.listen(at: "a1", for: [Self.secret, "in-clear"]) {
          // That something is heard at all.
          _ = try await lab.shell("a1", "echo in-clear | timeout 20 busybox nc \(Self.b1) 8082")
          let move = try await lab.run("migrate", "vm1", "--to", to, "--format", "json", seconds: 120)
          try #require(move.code == 0, "\(move.output)\(move.error)\(lab.logs)")
          let report = try move.json(ListedMove.self)
          #expect((report.vm, report.from, report.to, report.result) == ("vm1", from, to, "done"))
        }
        #expect(heard.words["in-clear"] != nil && heard.words[Self.secret] == nil, "\(heard.words)")
        let memory = heard.bytes.filter { Self.migrationPorts.contains($0.key) }.values.max() ?? 0
        #expect(memory > 5 << 20, "\(heard.bytes)")
        #expect((heard.bytes[Self.libvirtPorts.tls] ?? 0) > 0 && heard.bytes[Self.libvirtPorts.plain] == nil)
        try await lab.wait("vm1 to be at \(to) alone") { try await lab.places().only("vm1", tap: Self.tap) == to }
        try await lab.expectWork(since: before)
      }
      try await expectRevocation(lab)
    }
  }

  /// Whoever has no certificate gets nothing of agents and libvirtds.
  private func expectClosedDoors(_ lab: SmallLab) async throws {
    let list = { (host: String, scheme: String) in
      try await lab.run(
        "lab", "exec", host, "--", "timeout", "20", "virsh", "-c", "\(scheme)://\(Self.b1)/system", "list", "--name")
    }
    let host = try await list("a1", "qemu+tls")
    #expect(host.code == 0 && host.output.contains("vm2"), "\(host.output)\(host.error)")
    let plain = try await list("a1", "qemu+tcp")
    #expect(plain.code != 0 && plain.error.contains("refused"), "\(plain.output)\(plain.error)")
    // The router of a site is somebody on the network.
    let stranger = try await list("router:a", "qemu+tls")
    #expect(stranger.code != 0 && !stranger.output.contains("vm2"), "\(stranger.output)\(stranger.error)")

    // An agent in clear would greet (SETTINGS, type 4 of RFC 9113 §6.5); one with TLS sends an alert at most (21).
    let greeting = "'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n\\000\\000\\000\\004\\000\\000\\000\\000\\000'"
    let answer = try await lab.shell(
      "a1", "printf \(greeting) | timeout 20 busybox nc \(Self.b1) 8082 | od -An -tx1 -N4")
    let bytes = answer.output.split(separator: " ").map { $0.trimmingCharacters(in: .newlines) }
    #expect(bytes.isEmpty || bytes.first == "15", "\(answer.output)\(answer.error)")
    _ = try await lab.shell(
      "a1", "timeout 20 openssl s_client -connect \(Self.b1):8082 -alpn h2 -tls1_3 -ign_eof < /dev/null 2>&1")
    try await lab.wait("the agent of b1 to say whom it refused") {
      let log = try String(contentsOfFile: "/run/transhumance/lab/hosts/b1/agent.log", encoding: .utf8)
      return log.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE")
    }
  }

  /// What the authority revokes a host hears from the controller, and has no more to do with it.
  private func expectRevocation(_ lab: SmallLab) async throws {
    let revoke = try await lab.run(
      "ca", "revoke", "host/b1", "--reason", "its disk was stolen", "--cert-dir", "/run/transhumance/lab/pki")
    try #require(revoke.code == 0, "\(revoke.error)")
    try await lab.wait("a1 to let go of b1") {
      let hosts = try await lab.run("get", "hosts", "--socket", SmallLab.socket("a1"))
      // Agent and hypervisor of a1 alone.
      return hosts.code == 0 && hosts.output.components(separatedBy: "ready").count == 3
    }
    let move = try await lab.run("migrate", "vm1", "--to", "b1", "--socket", SmallLab.socket("a1"))
    #expect(move.code != 0, "\(move.output)")
  }
}
