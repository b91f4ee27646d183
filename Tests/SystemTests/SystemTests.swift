import Foundation
import Testing

/// Real namespaces, libvirtds, QEMUs and agents, through the real executable. One lab at a time: the machine has one.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct SystemTests {
  static let tap = "th525400000101"

  @Test func aLabIsMadeAnswersAndLeavesNothing() async throws {
    let before = try Remains.now()
    try await SmallLab.with { lab in
      let status = try await lab.run("lab", "status")
      #expect(status.code == 0)
      for name in SmallLab.hosts + SmallLab.guests { #expect(status.output.contains(name), "\(status.output)") }

      let hosts = try await lab.run("get", "hosts")
      #expect(hosts.code == 0 && hosts.output.components(separatedBy: "ready").count == 5, "\(hosts.output)")
      let vms = try await lab.vms(of: "a1")
      #expect(vms.vms.map(\.name) == ["vm1", "vm2"])
      #expect(vms.vms.map(\.state) == ["running", "running"])
      #expect(vms.vms.map(\.host) == ["a1", "b1"])

      let hostname = try await lab.shell("b1", "hostname; exit 7")
      #expect(hostname.output == "b1\n" && hostname.code == 7)
      let ping = try await lab.shell("a1", "busybox ping -c 1 -W 5 b1")
      #expect(ping.code == 0, "\(ping.output)\(ping.error)")
      try await expectSense(lab)
      let again = try await lab.run("lab", "up")
      #expect(again.code == 1 && again.error.contains("is up already"), "\(again.error)")
    }
    let after = try Remains.now()
    #expect(after == before)
  }

  @Test func aMoveThereAndBackKeepsConnections() async throws {
    try await SmallLab.with { lab in
      let before = lab.progress()
      for (from, to) in [("a1", "b1"), ("b1", "a1")] {
        let heard = try await Wiretap.listen(at: "a1", for: [Self.secret]) {
          let move = try await lab.run("migrate", "vm1", "--to", to, "--format", "json", seconds: 120)
          try #require(move.code == 0, "\(move.output)\(move.error)\(lab.logs)")
          let report = try move.json(ListedMove.self)
          #expect((report.vm, report.from, report.to, report.result) == ("vm1", from, to, "done"))
          let steps = Set(report.steps.map(\.step))
          #expect(steps.isSuperset(of: ["reserved", "copying", "stopped", "redirected", "active", "networkUpdated"]))
        }
        // In clear, as a lab with certificates doesn't.
        #expect(heard.words[Self.secret] != nil, "\(heard)")
        try await lab.wait("vm1 to be at \(to) alone") { try await lab.places().only("vm1", tap: Self.tap) == to }
        try await lab.expectWork(since: before)
        let known = try await lab.vms(of: "a1")
        #expect(known["vm1"]?.host == to)
        #expect(known == (try await lab.vms(of: "b1")))
      }
      let epoch = try await lab.vms(of: "a1")["vm1"]?.epoch
      #expect(epoch == 3)
      try await expectHold(lab)
    }
  }

  @Test func aStrayChangeOfTheForwardingTableIsMended() async throws {
    try await SmallLab.with { lab in
      let entry = "bridge fdb show | grep -q '^52:54:00:00:01:01.* dst 10.99.1.1.* self'"
      let found = try await lab.shell("b1", entry)
      #expect(found.code == 0, "the entry isn't there to begin with")
      let removed = try await lab.shell("b1", "bridge fdb del 52:54:00:00:01:01 dev thx1 dst 10.99.1.1 self")
      #expect(removed.code == 0, "\(removed.error)")
      try await lab.wait("the entry to be back") { try await lab.shell("b1", entry).code == 0 }
      try await lab.expectWork(since: lab.progress())
    }
  }
}
