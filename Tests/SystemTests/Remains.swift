import Foundation

/// What a lab could leave on the machine.
struct Remains: Equatable {
  /// Of the lab, its hypervisors and guests, by command line.
  var processes: Set<String>
  var interfaces: Set<String>
  var mounts: Set<String>
  var hasFolder: Bool

  static func now() throws -> Remains {
    let files = FileManager.default
    let names = try files.contentsOfDirectory(atPath: "/proc").filter { Int32($0) != nil }
    let processes = names.compactMap { number -> String? in
      guard let bytes = files.contents(atPath: "/proc/\(number)/cmdline"), !bytes.isEmpty else { return nil }
      let line = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
      return ["lab-part", "wan-relay", "libvirtd", "qemu-system", "virtlogd"].contains { line.contains($0) }
        || line.contains("transhumance host ") || line.contains("transhumance controller ") ? line : nil
    }
    let mounts = try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8).split(separator: "\n")
    return Remains(
      processes: Set(processes), interfaces: Set(try files.contentsOfDirectory(atPath: "/sys/class/net")),
      mounts: Set(mounts.map(String.init)), hasFolder: files.fileExists(atPath: "/run/transhumance/lab"))
  }
}
