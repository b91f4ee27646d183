import Agent
import Foundation
import Testing

struct ManagerTracesTests {
  @Test func whatIsInAMachinesFiles() throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "traces-\(UInt64.random(in: 0 ... .max))")
    defer { try? FileManager.default.removeItem(at: root) }
    func write(_ path: String, _ content: String) throws {
      let file = root.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(content.utf8).write(to: file)
    }
    let none = ManagerTraces(root: root.path)
    #expect(none.pacemakerDomains.isEmpty && none.foreignVMs.isEmpty)
    try write("run/resource-agents/VirtualDomain-vm1-emu.state", "qemu-system-x86_64\n")
    try write("etc/pve/ha/resources.cfg", "vm: 101\n\tstate started\n")
    for number in [100, 101] {
      let words = ["/usr/bin/kvm", "-id", "\(number)", "-pidfile", "/var/run/qemu-server/\(number).pid", "-m", "64"]
      try write("proc/\(number + 4000)/cmdline", words.map { $0 + "\0" }.joined())
    }
    // A kernel's thread has none, and not all that is in /proc is a process.
    try write("proc/2/cmdline", "")
    try write("proc/sys/cmdline", "/usr/bin/kvm\0-id\01\0-pidfile\0/var/run/qemu-server/1.pid\0")
    let traces = ManagerTraces(root: root.path)
    #expect(traces.pacemakerDomains == ["vm1"])
    #expect(traces.foreignVMs.map(\.name) == ["vm-100", "vm-101"])
    #expect(traces.foreignVMs.map(\.manager) == [.proxmox, .proxmoxHA])
    #expect(traces.foreignVMs.allSatisfy { $0.vcpus == 1 && $0.memory == 64 << 20 })
  }
}
