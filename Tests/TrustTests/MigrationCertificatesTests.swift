import Foundation
import Model
import Testing
import Trust

/// What libvirt and QEMU find.
@Suite struct MigrationCertificatesTests {
  private static let certificates = [
    "libvirt/servercert.pem", "libvirt/clientcert.pem", "qemu/server-cert.pem", "qemu/client-cert.pem",
  ]
  private static let keys = [
    "libvirt/private/serverkey.pem", "libvirt/private/clientkey.pem", "qemu/server-key.pem", "qemu/client-key.pem",
  ]
  private static let authorities = ["CA/cacert.pem", "qemu/ca-cert.pem"]

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func areWhereTheyAreLookedFor() async throws {
    try await withAuthority { authority, folder in
      let root = folder + "/etc"
      let credentials = try authority.credentials(.host, "a1")
      #expect(try MigrationCertificates(folder: root).install(credentials))
      for file in Self.certificates {
        #expect(try text("\(root)/\(file)") == credentials.chainPEM && mode("\(root)/\(file)") == 0o644, "\(file)")
      }
      for file in Self.keys {
        #expect(try text("\(root)/\(file)") == credentials.key.pem && mode("\(root)/\(file)") == 0o600, "\(file)")
      }
      for file in Self.authorities {
        #expect(try text("\(root)/\(file)") == credentials.rootsPEM && mode("\(root)/\(file)") == 0o644, "\(file)")
      }
      #expect(try mode(root + "/qemu") == 0o755 && mode(root + "/libvirt/private") == 0o700)
      // Nothing else, and nothing is left beside them.
      let all = try FileManager.default.subpathsOfDirectory(atPath: root).filter {
        $0.hasSuffix(".pem") || $0.contains("/.")
      }
      #expect(all.count == 10)
      #expect(try !MigrationCertificates(folder: root).install(credentials))
    }
  }

  @Test func areReplacedWhenTheyAreRenewed() async throws {
    try await withAuthority { authority, folder in
      let root = folder + "/etc"
      let first = try authority.credentials(.host, "a1")
      _ = try MigrationCertificates(folder: root).install(first)
      // Of another authority by now, and a crash has left the half of it.
      let theirs = AuthorityFolder(path: folder + "/theirs")
      _ = try theirs.create(name: "next", at: .noon)
      let second = try theirs.credentials(.host, "a1")
      try write(second.chainPEM, root + "/libvirt/servercert.pem", mode: 0o644)
      #expect(try MigrationCertificates(folder: root).install(second))
      for file in Self.keys { #expect(try text("\(root)/\(file)") == second.key.pem) }
      for file in Self.authorities { #expect(try text("\(root)/\(file)") == second.rootsPEM) }
    }
  }

  /// Somebody has added an authority of his own since: it isn't taken away, and nothing else is changed.
  @Test(arguments: authorities) func anotherAuthorityStays(file: String) async throws {
    try await withAuthority { authority, folder in
      let root = folder + "/etc"
      _ = try MigrationCertificates(folder: root).install(authority.credentials(.host, "a1"))
      let theirs = AuthorityFolder(path: folder + "/theirs")
      let both = try authority.load().certificatesPEM + theirs.create(name: "other", at: .noon).certificatesPEM
      try write(both, "\(root)/\(file)", mode: 0o644)
      let before = try text(root + "/libvirt/servercert.pem")
      let next = try authority.credentials(.host, "a1")
      let refused = await error { _ = try MigrationCertificates(folder: root).install(next) }
      #expect(refused?.code == .exists && refused?.description.hasPrefix("\(root)/\(file): ") == true)
      #expect(try text("\(root)/\(file)") == both && text(root + "/libvirt/servercert.pem") == before)
      // Once it is out of the way.
      try FileManager.default.removeItem(atPath: "\(root)/\(file)")
      #expect(try MigrationCertificates(folder: root).install(next))
      #expect(try text("\(root)/\(file)") == next.rootsPEM)
    }
  }

  /// An administrator's own, or another host's.
  @Test(arguments: certificates + keys + authorities) func anothersStayAsTheyAre(file: String) async throws {
    try await withAuthority { authority, folder in
      let root = folder + "/etc"
      let theirs = try authority.credentials(.host, "b1")
      let path = "\(root)/\(file)"
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      let own = Self.keys.contains(file) ? try theirs.key.pem : try theirs.chainPEM
      try write(own, path)
      let credentials = try authority.credentials(.host, "a1")
      let refused = await error { _ = try MigrationCertificates(folder: root).install(credentials) }
      #expect(refused?.code == .exists && refused?.description.contains(path) == true, "\(String(describing: refused))")
      #expect(try text(path) == own)
      let all = try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(".pem") }
      #expect(all == [file])
    }
  }
}

/// What hosts keep of what they were told.
@Suite struct KeptRevocationsTests {
  private let first = SerialNumber(bytes: [1, 2])
  private let second = SerialNumber(bytes: [0xab])

  private func text(in folder: String) throws -> String {
    try String(contentsOfFile: folder + "/revoked", encoding: .utf8)
  }

  @Test func areThereAgain() async throws {
    try await withFolder { folder in
      let kept = KeptRevocations(folder: folder)
      #expect(kept.current.entries.isEmpty && kept.problem == nil)
      let new = try kept.add([first, second])
      let none = try kept.add([second])
      #expect(new == [first, second] && none.isEmpty && kept.current.contains(first))
      #expect(try text(in: folder) == "0102\nab\n")
      let again = KeptRevocations(folder: folder)
      #expect(again.current.contains(first) && again.current.contains(second))
    }
  }

  /// Lines of people stay, and what was known counts whatever becomes of the file.
  @Test func whatPeopleAddStays() async throws {
    try await withFolder { folder in
      try write("0102 2026-11-24T12:00:00Z a disk, stolen\n", folder + "/revoked")
      let kept = KeptRevocations(folder: folder)
      let new = try kept.add([first, second])
      #expect(new == [second])
      #expect(try text(in: folder) == "0102 2026-11-24T12:00:00Z a disk, stolen\nab\n")
      try FileManager.default.removeItem(atPath: folder + "/revoked")
      let said = "is gone: the 2 certificates that it named, now or before, stay revoked"
      #expect(kept.current.contains(first) && kept.problem?.contains(said) == true)
      try kept.add([SerialNumber(bytes: [3])])
      #expect(KeptRevocations(folder: folder).current.contains(first))
    }
  }
}
