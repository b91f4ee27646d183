import Foundation
import Model

/// A libvirtd of the host's own: its folders, its settings, and the user that it insists on.
struct HypervisorSettings {
  let place: LabDescription.HostPlace
  let security: LabDescription.Security
  let folder: LabFolder

  /// Folders of libvirt's packages, and of its certificates, hidden by empty ones in the host's mount namespace.
  static func folders(_ security: LabDescription.Security) -> [String] {
    ["/etc/libvirt", "/var/lib/libvirt", "/var/log/libvirt", "/var/cache/libvirt"]
      + (security == .tls ? ["/etc/pki"] : [])
  }

  /// The command that runs it. With certificates, once the agent has installed them, of which this file is the last.
  static func command(_ security: LabDescription.Security) -> [String] {
    let run = ["libvirtd", "--listen"]
    guard security == .tls else { return run }
    let wait = "until [ -e /etc/pki/qemu/ca-cert.pem ]; do sleep 0.1; done"
    return ["/bin/sh", "-c", "\(wait); exec \(run.joined(separator: " "))"]
  }

  /// Who may connect over the network: everybody where all is in clear, else hosts, and nobody else of the authority.
  private var listening: String {
    guard security == .tls else {
      return """
        listen_tls = 0
        listen_tcp = 1
        auth_tcp = "none"
        """
    }
    // Versions of GnuTLS write a distinguished name from either end.
    return """
      listen_tls = 1
      listen_tcp = 0
      auth_tls = "none"
      tls_allowed_dn_list = ["O=transhumance,OU=host,CN=*", "CN=*,OU=host,O=transhumance"]
      """
  }

  func apply() throws(LabError) {
    for folder in Self.folders(security) { try Mount.memory(at: folder) }
    // One host's numbers follow from its place, so that a host that was restarted is the same.
    let uuid = "7472616e-7368-4d00-8000-" + hexadecimal(place.siteNumber, 4) + hexadecimal(place.hostNumber, 8)
    try folder.write(
      """
      \(listening)
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
