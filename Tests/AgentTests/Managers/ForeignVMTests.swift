import Agent
import Testing

struct ForeignVMTests {
  /// In the order in which qemu-server gives them.
  private func proxmox(
    _ number: String, file: String? = nil, smp: String = "4,sockets=2,cores=2,maxcpus=4", memory: String = "512",
    more: [String] = []
  ) -> [String] {
    [
      "/usr/bin/kvm", "-id", number, "-name", "web,debug-threads=on", "-no-shutdown", "-chardev",
      "socket,id=qmp,path=/var/run/qemu-server/\(number).qmp,server=on,wait=off", "-mon", "chardev=qmp,mode=control",
      "-pidfile", file ?? "/var/run/qemu-server/\(number).pid", "-daemonize", "-smp", smp,
    ] + more + ["-nodefaults", "-m", memory, "-machine", "type=pc+pve0"]
  }

  private func vm(_ command: [String], available: Set<String> = []) -> ForeignVM? {
    ForeignVM(command: command, highlyAvailable: available)
  }

  @Test func proxmox() {
    let web = vm(proxmox("8006"))
    #expect(web?.name == "web-8006" && web?.manager == .proxmox && web?.vcpus == 4 && web?.memory == 512 << 20)
    #expect(vm(proxmox("8006"), available: ["8006"])?.manager == .proxmoxHA)
    #expect(vm(proxmox("8006"), available: ["800"])?.manager == .proxmox)
  }

  /// What can be unplugged is a device of its own.
  @Test func whatIsPluggedInCounts() {
    let processors = (2...4).flatMap {
      ["-device", "kvm64-x86_64-cpu,id=cpu\($0),socket-id=0,core-id=\($0 - 1),thread-id=0"]
    }
    let nodes = [
      "-object", "memory-backend-ram,id=ram-node0,size=1024M", "-numa", "node,nodeid=0,cpus=0-3,memdev=ram-node0",
    ]
    let dimms = (0...1).flatMap {
      [
        "-object", "memory-backend-ram,id=mem-dimm\($0),size=512M", "-device",
        "pc-dimm,id=dimm\($0),memdev=mem-dimm\($0)",
      ]
    }
    let large = vm(
      proxmox(
        "302", smp: "1,sockets=1,cores=4,maxcpus=4", memory: "size=1024,slots=255,maxmem=524288M",
        more: processors + nodes + dimms))
    #expect(large?.vcpus == 4 && large?.memory == 2048 << 20)
  }

  @Test func ganeti() {
    let command = [
      "/usr/bin/qemu-system-x86_64", "-enable-kvm", "-name", "web.example.org", "-m", "2048", "-smp", "2", "-pidfile",
      "/var/run/ganeti/kvm-hypervisor/pid/web.example.org", "-daemonize",
    ]
    let web = vm(command)
    #expect(web?.name == "web.example.org" && web?.manager == .ganeti && web?.vcpus == 2 && web?.memory == 2048 << 20)
  }

  /// libvirt's own, somebody's, and what only looks like it.
  @Test func others() {
    let own = [
      "/usr/bin/qemu-system-x86_64", "-name", "guest=vm1,debug-threads=on", "-S", "-m", "size=98304k", "-smp", "1",
    ]
    #expect(vm(own) == nil)
    #expect(vm(own + ["-pidfile", "/run/mine.pid"]) == nil)
    #expect(vm(proxmox("100", file: "/tmp/100.pid")) == nil)
    #expect(vm(proxmox("100", file: "/var/run/qemu-server/1100.pid")) == nil)
    #expect(vm(["/usr/bin/grep"] + proxmox("100").dropFirst()) == nil)
    for command in [[], [""], ["kvm"], ["kvm", "-pidfile"], ["/"]] { #expect(vm(command) == nil) }
  }

  /// Nothing that a process can say of itself ends the agent.
  @Test(arguments: [
    ("ß", "ß", 1, UInt64(0)), ("", "", 1, 0), (",", ",", 1, 0), ("cpus=3,cores=3", "2G", 3, 2_147_483_648),
    ("18446744073709551615", "18446744073709551615T", 1_048_576, UInt64.max), ("-1", "1.5G", 1, 0),
  ])
  func whatIsNoNumber(_ smp: String, _ memory: String, _ vcpus: Int, _ bytes: UInt64) {
    let odd = vm(proxmox("1", smp: smp, memory: memory))
    #expect(odd?.vcpus == vcpus && odd?.memory == bytes)
  }

  @Test func namesAreFitToBePrinted() {
    var command = proxmox("1")
    command[4] = "a\u{1B}[2Jb" + String(repeating: "x", count: 200)
    #expect(vm(command)?.name == "a[2Jb" + String(repeating: "x", count: 94) + "-1")
  }
}
