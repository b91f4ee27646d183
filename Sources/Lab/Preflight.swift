import Foundation
import Libvirt
import Model

/// What keeps a lab from being made here, all of it at once, before anything is touched.
struct Preflight {
  let lab: LabDescription

  /// Programs, and the Debian packages that have them.
  private static let programs = [
    ("qemu-system-x86_64", "qemu-system-x86"), ("libvirtd", "libvirt-daemon"), ("virsh", "libvirt-clients"),
    ("ip", "iproute2"), ("unshare", "util-linux"), ("nsenter", "util-linux"), ("busybox", "busybox-static"),
    ("cpio", "cpio"),
  ]

  static func requireRoot() throws(LabError) {
    guard geteuid() == 0 else {
      throw LabError("a lab is made of namespaces, which only root can make and enter: run it with sudo")
    }
  }

  func check() throws(LabError) {
    let problems = missing + driver + machine + memory + guests
    guard problems.isEmpty else {
      throw LabError(problems.count == 1 ? problems[0] : "\n" + problems.map { "  - \($0)" }.joined(separator: "\n"))
    }
  }

  private var missing: [String] {
    let absent = Self.programs.filter { Tool.find($0.0) == nil }
    if absent.isEmpty { return [] }
    let names = absent.map(\.0).joined(separator: ", ")
    let packages = Set(absent.map(\.1)).sorted().joined(separator: " ")
    return ["not installed: \(names) (Debian: apt-get install --no-install-recommends \(packages))"]
  }

  private var driver: [String] {
    guard let libvirtd = Tool.find("libvirtd") else { return [] }
    var problems: [String] = []
    let folders = ["/usr/lib", "/usr/lib64", "/usr/lib/x86_64-linux-gnu"]
    let driver = "libvirt/connection-driver/libvirt_driver_qemu.so"
    if !folders.contains(where: { unsafe access("\($0)/\(driver)", R_OK) == 0 }) {
      problems.append("\(libvirtd) has no driver for QEMU (Debian: libvirt-daemon-driver-qemu)")
    }
    // The lab's own are mounted over them. On a machine on which libvirtd has never run nobody has made them yet.
    for folder in HypervisorSettings.folders(lab.security) where unsafe access(folder, R_OK) != 0 {
      do {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      } catch {
        problems.append("\(folder) is missing and can't be made: \(error.localizedDescription)")
      }
    }
    if let busybox = Tool.find("busybox"), let bytes = FileManager.default.contents(atPath: busybox),
      bytes.range(of: Data("/lib64/ld-linux".utf8)) != nil
    {
      problems.append("\(busybox) needs libraries that guests don't have (Debian: busybox-static)")
    }
    return problems
  }

  private var machine: [String] {
    var problems: [String] = []
    if unsafe access("/dev/net/tun", R_OK | W_OK) != 0 {
      problems.append("/dev/net/tun can't be opened: modprobe tun, or give the container that device")
    }
    #if !arch(x86_64)
      problems.append("guests are x86-64, and this machine isn't")
    #endif
    return problems
  }

  /// Emulated guests touch little more than what they are given; QEMU itself and libvirtd some more.
  private var memory: [String] {
    let needed = lab.guests.reduce(0) { $0 + $1.memoryMiB + 64 } + lab.hosts.count * 64
    guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
      let kibibytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) }), kibibytes / 1024 < needed
    else { return [] }
    return [
      "\(lab.guests.count) guests on \(lab.hosts.count) hosts need about \(needed) MiB of memory, and "
        + "\(kibibytes / 1024) MiB are free: fewer guests, or less memoryMiB"
    ]
  }

  /// COMMAND_LINE_SIZE of the kernel (arch/x86/include/asm/setup.h).
  private var guests: [String] {
    lab.guests.compactMap { guest in
      let length = DomainDescription.commandLine(guest, of: lab).utf8.count
      return length < 2048
        ? nil
        : "\(guest.name) has more to know than its kernel's command line holds (\(length) of 2047 bytes): "
          + "smaller groups"
    }
  }
}
