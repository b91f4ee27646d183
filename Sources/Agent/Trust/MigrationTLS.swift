internal import Foundation
internal import Logging
internal import Model
internal import Subprocess
internal import Synchronization
internal import Trust

/// libvirt's and QEMU's certificates at this host: installed from the agent's own, and again when that is renewed.
final class MigrationTLS: Sendable {
  /// Where libvirtd listens for TLS unless its `tls_port` says otherwise.
  static let port: UInt16 = 16514

  private let files: MigrationCertificates
  /// Whether it is where this machine's libvirtd looks.
  private let isUsual: Bool
  private let host: HostConfiguration.Peer
  private let logger: Logger
  private let state = Mutex<String?>("the certificates of libvirt and QEMU aren't installed yet")

  /// - Parameter folder: `/etc/pki`.
  init(folder: String, host: HostConfiguration.Peer, logger: Logger) {
    let settings = try? String(contentsOfFile: "/etc/libvirt/qemu.conf", encoding: .utf8)
    let users = (try? String(contentsOfFile: "/etc/passwd", encoding: .utf8)) ?? ""
    files = MigrationCertificates(
      folder: folder, hypervisorUser: HypervisorUser.number(settings: settings ?? "", users: users))
    (self.host, self.logger, isUsual) = (host, logger, folder == MigrationCertificates.usualFolder)
  }

  /// Why nothing can be moved from here; nil: it can.
  var problem: String? { state.withLock { $0 } }

  /// Why nothing can be moved to here; nil: it can.
  var problemOfListening: String? {
    if let problem { return problem }
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
    guard !tables.contains(where: { ListeningPorts.contains(Self.port, in: $0) }) else { return nil }
    return "libvirtd of \(host.name) doesn't listen for TLS (port \(Self.port)): `systemctl enable --now "
      + "libvirtd-tls.socket` there (or virtproxyd-tls.socket)"
  }

  /// Installs credentials, and has a libvirtd that runs read them.
  @concurrent func install(_ credentials: Credentials) async {
    switch written(credentials) {
    case .success(let isChanged):
      state.withLock { $0 = nil }
      guard isChanged else { return }
      logger.info("installed the certificates of libvirt and QEMU", metadata: ["serial": "\(credentials.peer.serial)"])
      if !credentials.peer.names.contains(.address(host.address)) {
        logger.warning(
          "its certificate lacks its address \(host.address): libvirtds of other hosts have to find it as \(host.name)")
      }
      if isUsual { await reload() }
    case .failure(let error):
      let text = "the certificates of libvirt and QEMU can't be installed at \(host.name): \(error)"
      let isNews = state.withLock { state in
        defer { state = text }
        return state != text
      }
      if isNews { logger.error("\(text)") }
    }
  }

  // Not inlined: swift 6.3.1's optimizer crashes where it splits asynchronous functions around typed errors.
  @inline(never) private func written(_ credentials: Credentials) -> Result<Bool, TrustError> {
    Result { () throws(TrustError) in try files.install(credentials) }
  }

  /// libvirtd reads its certificate as it starts, and when it is told to; QEMU each time.
  private func reload() async {
    for daemon in ["libvirtd", "virtproxyd"] {
      let command = try? await Subprocess.run(
        .name("timeout"),
        arguments: ["10", "virt-admin", "--quiet", "--connect", "\(daemon):///system", "server-update-tls", daemon],
        input: .none, output: .discarded, error: .discarded)
      if command?.terminationStatus.isSuccess == true { return logger.info("\(daemon) has read its certificate") }
    }
    logger.notice("no libvirtd could be told of its certificate (virt-admin): one that runs has to be restarted")
  }

  /// Where other hosts' libvirtds find this one's, by a name that its certificate has.
  func uri(_ credentials: Credentials) -> String {
    let isNamed = credentials.peer.names.contains(.address(host.address))
    return "qemu+tls://\(isNamed ? host.address.inURI : host.name)/system"
  }
}

extension IPAddress {
  /// In brackets where it needs them (RFC 3986 §3.2.2).
  var inURI: String { family == .v4 ? "\(self)" : "[\(self)]" }
}
