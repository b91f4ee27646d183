import Foundation
import Model

/// A libvirtd of the host's own: its folders, its settings, and the user that it insists on.
struct HypervisorSettings {
  let place: LabDescription.HostPlace
  let folder: LabFolder

  /// Folders of libvirt's packages, hidden by empty ones in the host's mount namespace.
  static let folders = ["/etc/libvirt", "/var/lib/libvirt", "/var/log/libvirt", "/var/cache/libvirt"]

  func apply() throws(LabError) {
    for folder in Self.folders { try Mount.memory(at: folder) }
    // One host's numbers follow from its place, so that a host that was restarted is the same.
    let uuid = "7472616e-7368-4d00-8000-" + hexadecimal(place.siteNumber, 4) + hexadecimal(place.hostNumber, 8)
    try folder.write(
      """
      listen_tls = 0
      listen_tcp = 1
      auth_tcp = "none"
      auth_unix_rw = "none"
      listen_addr = "\(place.address)"
      host_uuid = "\(uuid)"

      """, to: "/etc/libvirt/libvirtd.conf")
    try folder.write(
      """
      user = "root"
      group = "root"
      security_driver = "none"
      cgroup_controllers = []
      namespaces = []
      stdio_handler = "file"
      remember_owner = 0
      migration_host = "\(place.address)"

      """, to: "/etc/libvirt/qemu.conf")
    // Debian has the driver look for this user even where another is set.
    try ensure("libvirt-qemu:x:64055:64055:libvirt:/var/lib/libvirt:/usr/sbin/nologin", in: "/etc/passwd")
    try ensure("libvirt-qemu:x:64055:", in: "/etc/group")
  }

  /// Shows this host a table of users or groups with that line, unless it has one of that name.
  private func ensure(_ line: String, in table: String) throws(LabError) {
    let name = line.prefix { $0 != ":" } + ":"
    let text = (try? String(contentsOfFile: table, encoding: .utf8)) ?? ""
    if text.split(separator: "\n").contains(where: { $0.hasPrefix(name) }) { return }
    let own = "/run/" + (table as NSString).lastPathComponent
    try folder.write(text + (text.hasSuffix("\n") ? "" : "\n") + line + "\n", to: own)
    try Mount.bind(own, at: table)
  }

  private func hexadecimal(_ number: Int, _ digits: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
