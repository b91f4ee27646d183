import Foundation

/// Debian's kernel for the guests, and the modules that its network card needs: unpacked beside the system's own, never
/// installed.
struct GuestKernel {
  static let cache = "/var/cache/transhumance/linux"
  /// In the order of loading. What a kernel hasn't got as a module is built in, or not needed by it.
  static let moduleNames = [
    "virtio_ring", "virtio", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci", "failover", "net_failover",
    "virtio_net",
  ]

  let folder: String
  var image: String { folder + "/vmlinuz" }
  /// Files in the order of loading.
  var modules: [String] {
    Self.moduleNames.map { "\(folder)/modules/\($0).ko" }.filter { FileManager.default.fileExists(atPath: $0) }
  }

  /// The newest that has been unpacked before.
  static func cached() -> GuestKernel? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: cache)) ?? []
    return names.filter { !$0.hasPrefix(".") }
      .max { $0.compare($1, options: .numeric) == .orderedAscending }
      .map { GuestKernel(folder: cache + "/" + $0) }
  }

  static func fetched(_ progress: any LabProgress) async throws -> GuestKernel {
    if let kernel = cached() { return kernel }
    progress.step("fetching Debian's kernel for the guests")
    let package = try await packageName()
    let folder = "\(cache)/.new-\(getpid())"
    let files = FileManager.default
    try files.createDirectory(atPath: folder + "/modules", withIntermediateDirectories: true)
    defer { try? files.removeItem(atPath: folder) }
    try await download(package, to: folder)
    let names = try files.contentsOfDirectory(atPath: folder)
    guard let archive = names.first(where: { $0.hasSuffix(".deb") }) else {
      throw LabError("apt-get downloaded no package of \(package)")
    }
    progress.step("unpacking \(archive)")
    try await unpack(folder + "/" + archive, in: folder)
    try files.removeItem(atPath: folder + "/" + archive)
    let kernel = cache + "/" + package.replacing("linux-image-", with: "")
    try? files.moveItem(atPath: folder, toPath: kernel)
    return GuestKernel(folder: kernel)
  }

  /// The package that Debian's metapackage stands for today.
  private static func packageName() async throws -> String {
    let depends = try await Tool.run(["apt-cache", "depends", "linux-image-amd64"]).output
    let words = depends.split(whereSeparator: \.isWhitespace)
    guard let package = words.first(where: { $0.hasPrefix("linux-image-") && $0 != "linux-image-amd64" }) else {
      throw LabError(
        "apt knows no package linux-image-amd64, from which the guests get their kernel: run apt-get update, on Debian "
          + "or with Debian's archive among the sources")
    }
    return String(package)
  }

  private static func download(_ package: String, to folder: String) async throws {
    // As root, without apt's user for downloads, who can't write here.
    let command = ["apt-get", "download", "-q", "-o", "APT::Sandbox::User=root", package]
    if try await Tool.run(command, folder: folder).code == 0 { return }
    // A list of packages that is out of date is the usual reason.
    _ = try await Tool.run(["apt-get", "update", "-q"])
    let result = try await Tool.run(command, folder: folder)
    guard result.code == 0 else {
      let reason = result.error.split(separator: "\n").last ?? ""
      throw LabError("\(package), the guests' kernel, can't be downloaded; it is needed once: \(reason)")
    }
  }

  private static func unpack(_ archive: String, in folder: String) async throws {
    let patterns = ["*/boot/vmlinuz-*"] + moduleNames.map { "*/\($0).ko*" }
    // Two programs and a pipe between them; nothing of the names is the user's.
    try await Tool.output(
      [
        "/bin/sh", "-c",
        "dpkg-deb --fsys-tarfile '\(archive)' | tar -x --wildcards "
          + patterns.map { "'\($0)'" }.joined(separator: " ")
          + " 2>/dev/null; find . -name 'vmlinuz-*' -exec mv {} vmlinuz ';'"
          + "; find . -name '*.ko*' -exec mv {} modules/ ';'; rm -rf boot lib usr"
          + "; for module in modules/*.xz; do [ ! -e \"$module\" ] || xz -d \"$module\"; done"
          + "; test -s vmlinuz && test -s modules/virtio_net.ko",
      ], folder: folder)
  }
}
