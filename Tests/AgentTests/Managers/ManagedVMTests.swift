import Agent
import Foundation
import SwiftProtobuf
import Testing
import Wire

/// What an agent reports of a VM that another manager has.
@Suite(.timeLimit(.minutes(3))) struct ManagedVMTests {
  @Test func itsHostTells() async throws {
    let folder = "/tmp/managed-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let namespace = "http://openstack.org/xmlns/libvirt/nova/1.1"
    let instance = "<nova:instance xmlns:nova='\(namespace)'><nova:name>web</nova:name></nova:instance>"
    let nova = try await TwoAgents.run(in: folder, metadata: "<metadata>\(instance)</metadata>") { agents in
      try await agents.report(of: "a1")
    }
    #expect(nova.vms.map(\.name) == ["vm1"] && nova.vms.map(\.managedBy) == ["Nova"])
    let own = try await TwoAgents.run(in: folder) { agents in try await agents.report(of: "a1") }
    #expect(own.vms.map(\.name) == ["vm1"] && own.vms.map(\.managedBy) == [""])
  }

  /// libvirt's test driver can't move VMs: that remains to be said against any move.
  @Test func itIsMovedWhereItsManagerKnows() async throws {
    let folder = "/tmp/managed-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let vm = "<ovirt-vm:vm xmlns:ovirt-vm='http://ovirt.org/vm/1.0'/>"
    let (plain, despite) = try await TwoAgents.run(in: folder, metadata: "<metadata>\(vm)</metadata>") { agents in
      (try await agents.migrate(to: "b1"), try await agents.migrate(to: "b1", despiteManager: true))
    }
    let expected = "it is managed by oVirt: have it moved there, or give --despite-manager where oVirt knows of the move"
    #expect(plain.filter { $0 == expected }.count == 1, "\(plain)")
    #expect(!despite.contains { $0.contains("managed by") }, "\(despite)")
    let own = try await TwoAgents.run(in: folder) { agents in try await agents.migrate(to: "b1") }
    #expect(!own.contains { $0.contains("managed by") })
  }

  /// By hand, by https://protobuf.dev/programming-guides/encoding: field 6, of a length, 4 bytes.
  @Test func onTheWire() throws {
    let report = VMReport.with { ($0.name, $0.managedBy) = ("v", "Nova") }
    let bytes: [UInt8] = [0x0a, 1, 0x76, 0x32, 4, 0x4e, 0x6f, 0x76, 0x61]
    #expect(try report.serializedBytes() == bytes)
    #expect(try VMReport(serializedBytes: bytes) == report)
    #expect(report != VMReport.with { $0.name = "v" })
    #expect(try report.jsonString() == #"{"name":"v","managedBy":"Nova"}"#)
    #expect(try VMReport(textFormatString: "name: \"v\" managed_by: \"Nova\"") == report)
  }
}
