internal import Foundation
internal import SystemPackage
internal import X509

/// Credentials as libvirt and QEMU want them for migrations between hosts: files of fixed names below `/etc/pki`.
///
/// Another's are never touched: what is there is replaced only where its certificates are this host's own, and its
/// authorities those of these certificates.
package struct MigrationCertificates: Sendable {
  private let folder: String
  /// Who runs QEMU, which reads its key itself; nil: whoever runs this.
  private let hypervisorUser: UInt32?

  /// libvirt's and QEMU's default.
  package static let usualFolder = "/etc/pki"

  package init(folder: String = Self.usualFolder, hypervisorUser: UInt32? = nil) {
    (self.folder, self.hypervisorUser) = (folder, hypervisorUser)
  }

  private enum Content { case authorities, certificate, key }

  private struct File {
    var path: String
    var content: Content
    var owner: UInt32?
  }

  /// A certificate before its key: with it, all are ours. The last certificate after all authorities: wherever a crash
  /// ends it, one tells of those that are there.
  private var files: [File] {
    let libvirt = [
      File(path: "libvirt/servercert.pem", content: .certificate),
      File(path: "libvirt/private/serverkey.pem", content: .key),
      File(path: "libvirt/clientcert.pem", content: .certificate),
      File(path: "libvirt/private/clientkey.pem", content: .key), File(path: "CA/cacert.pem", content: .authorities),
    ]
    let qemu = [
      File(path: "qemu/server-cert.pem", content: .certificate),
      File(path: "qemu/server-key.pem", content: .key, owner: hypervisorUser),
      File(path: "qemu/ca-cert.pem", content: .authorities),
      File(path: "qemu/client-cert.pem", content: .certificate),
      File(path: "qemu/client-key.pem", content: .key, owner: hypervisorUser),
    ]
    return (libvirt + qemu).map { File(path: "\(folder)/\($0.path)", content: $0.content, owner: $0.owner) }
  }

  /// Writes what isn't there or has changed, each file at once; all are on the disk when this returns.
  ///
  /// - Returns: whether anything was written, which a libvirtd that runs has to be told of.
  /// - Throws: `exists` where there are another's, which stay as they are; `file`.
  package func install(_ credentials: Credentials) throws(TrustError) -> Bool {
    try checkOwnership(credentials)
    var isChanged = false
    for file in files {
      let bytes = try bytes(of: file.content, credentials)
      if let present = try present(file.path), present == bytes { continue }
      try makeFolder((file.path as NSString).deletingLastPathComponent, isSecret: file.content == .key)
      let permissions = file.content == .key ? PrivateFile.secret : PrivateFile.readable
      try PrivateFile.replace(file.path, bytes, permissions, owner: file.owner)
      isChanged = true
    }
    return isChanged
  }

  private func bytes(of content: Content, _ credentials: Credentials) throws(TrustError) -> [UInt8] {
    switch content {
    case .authorities: Array(try credentials.rootsPEM.utf8)
    case .certificate: Array(try credentials.chainPEM.utf8)
    case .key: Array(try credentials.key.pem.utf8)
    }
  }

  /// - Returns: nil where there is no such file.
  private func present(_ path: String) throws(TrustError) -> [UInt8]? {
    do throws(TrustError) {
      return try PrivateFile.read(path)
    } catch {
      guard error.code == .missing else { throw error }
      return nil
    }
  }

  /// - Throws: `exists`.
  private func checkOwnership(_ credentials: Credentials) throws(TrustError) {
    var isOurs = false
    // By this host's certificates, of now and of before.
    var authorities = credentials.roots
    for file in files where file.content == .certificate {
      guard let present = try present(file.path) else { continue }
      guard identity(of: present, file.path) == credentials.identity else { throw foreign(file.path) }
      authorities += (try? PEM.certificates(present, source: file.path).dropFirst()) ?? []
      isOurs = true
    }
    if isOurs {
      for file in files where file.content == .authorities {
        guard let present = try present(file.path) else { continue }
        let found = (try? PEM.certificates(present, source: file.path)) ?? []
        guard !found.isEmpty, found.allSatisfy({ authorities.contains($0) }) else { throw foreign(file.path) }
      }
      return
    }
    for file in files {
      if let present = try present(file.path), present != (try bytes(of: file.content, credentials)) {
        throw foreign(file.path)
      }
    }
  }

  private func identity(of pem: [UInt8], _ path: String) -> Identity? {
    guard let leaf = try? PEM.certificates(pem, source: path).first else { return nil }
    return (try? Peer(leaf))?.identity
  }

  private func foreign(_ path: String) -> TrustError {
    TrustError(
      .exists,
      "\(path): isn't this host's by the federation's authority, and stays as it is: move it away (and what else is of "
        + "libvirt and QEMU in \(folder)) to have the agent install its own")
  }

  /// Folders that are there stay as they are.
  private func makeFolder(_ path: String, isSecret: Bool) throws(TrustError) {
    // QEMU's own user has to reach its key.
    let mode = isSecret && path.hasSuffix("/private") ? 0o700 : 0o755
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
    } catch {
      throw TrustError(.file, "the folder \(path) can't be made: \(error.localizedDescription)")
    }
  }
}
