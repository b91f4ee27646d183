import Foundation

/// The guests' root file system: busybox, the kernel's modules, and the guest program with its init.
struct GuestImage {
  /// What `make build` puts beside the executable's folder.
  let program: String
  let start: String

  /// - Parameter executable: this program's own path
  init(executable: String) throws(LabError) {
    let prefix = ((executable as NSString).deletingLastPathComponent as NSString).deletingLastPathComponent
    program = prefix + "/libexec/transhumance/transhumance-guest"
    start = prefix + "/libexec/transhumance/guest-init"
    for file in [program, start] where unsafe access(file, R_OK) != 0 {
      throw LabError("\(file), which the guests run, isn't there: `make build` makes it, `make install` puts it there")
    }
  }

  /// Writes a cpio archive (newc), which the kernel unpacks as it is: emulated, decompression would take longer.
  func write(to path: String, modules: [String], busybox: String) async throws {
    let files = FileManager.default
    let root = path + ".d"
    try? files.removeItem(atPath: root)
    defer { try? files.removeItem(atPath: root) }
    for folder in ["bin", "dev", "proc", "sys", "modules"] {
      try files.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
    }
    try files.copyItem(atPath: busybox, toPath: root + "/bin/busybox")
    try files.copyItem(atPath: program, toPath: root + "/bin/transhumance-guest")
    try files.copyItem(atPath: start, toPath: root + "/init")
    for file in ["/bin/busybox", "/bin/transhumance-guest", "/init"] {
      try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: root + file)
    }
    for module in modules {
      try files.copyItem(atPath: module, toPath: root + "/modules/" + (module as NSString).lastPathComponent)
    }
    let order = modules.map { ($0 as NSString).lastPathComponent + "\n" }.joined()
    try Data(order.utf8).write(to: URL(filePath: root + "/modules/order"))
    let names = try files.subpathsOfDirectory(atPath: root).sorted().map { "./\($0)\n" }.joined()
    // The kernel opens /dev/console before anything can make it.
    try files.createDirectory(atPath: root + "/dev", withIntermediateDirectories: true)
    try await Tool.output(
      ["cpio", "--quiet", "-o", "-H", "newc", "-R", "0:0", "-O", path], input: ".\n" + names, folder: root)
  }
}
