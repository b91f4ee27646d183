import Foundation
import Model
import Testing
import Trust

/// Requests for certificates, ours and OpenSSL's.
@Suite struct RequestTests {
  private func openssl(_ arguments: String, in folder: String) async throws -> CertificateRequest {
    let made = try await OpenSSL.script("openssl req -new -nodes -keyout key -out csr \(arguments) 2> log", in: folder)
    try #require(made.code == 0)
    return try CertificateRequest(pem: Array(Data(contentsOf: URL(filePath: folder + "/csr"))), source: "csr")
  }

  @Test func opensslAcceptsOurs() async throws {
    try await withFolder { folder in
      let names = [SubjectName.dns("a1"), .address(IPAddress(v4: 0x0a00_0001))]
      let pending = try PendingCertificate(Identity(.host, "a1"), names: names)
      try Data(pending.request.der).write(to: URL(filePath: folder + "/csr"))
      let judged = try await OpenSSL.script("openssl req -inform DER -in csr -verify -noout -text 2>&1", in: folder)
      #expect(judged.code == 0)
      #expect(judged.output.contains("verify OK"))
      #expect(judged.output.contains("URI:transhumance://host/a1, DNS:a1, IP Address:10.0.0.1"))
      let read = try CertificateRequest(der: pending.request.der)
      #expect(read.names == names)
    }
  }

  /// Names that it asks for and wasn't allowed, another role, the right to sign: none of it is in the certificate.
  @Test func whatItAsksForCountsForNothing() async throws {
    try await withAuthority { authority, folder in
      let request = try await openssl(
        "-newkey rsa:2048 -subj /CN=c1 -addext subjectAltName=URI:transhumance://controller/c1,DNS:c1,IP:10.0.0.9 "
          + "-addext basicConstraints=critical,CA:TRUE -addext keyUsage=keyCertSign", in: folder)
      #expect(request.names == [.dns("c1"), .address(IPAddress(v4: 0x0a00_0009))])
      let order = CertificateOrder(try Identity(.host, "a1"), names: [.dns("a1.example")], for: request)
      let issued = try authority.issue(order, at: .noon, by: "test")
      try write(issued.chainPEM, folder + "/a1.crt")
      let told = try await OpenSSL.script("openssl x509 -in a1.crt -noout -text", in: folder)
      #expect(told.output.contains("URI:transhumance://host/a1, DNS:a1, DNS:a1.example\n"))
      #expect(told.output.contains("CN = a1\n"))
      #expect(told.output.contains("CA:FALSE"))
      for asked in ["controller", "DNS:c1", "CN = c1", "10.0.0.9"] { #expect(!told.output.contains(asked)) }
      #expect(!told.output.contains("Certificate Sign"))
      // It is for the request's key.
      let same = try await OpenSSL.script(
        "openssl x509 -in a1.crt -noout -pubkey > a; openssl pkey -in key -pubout > b; cmp a b", in: folder)
      #expect(same.code == 0)
    }
  }

  @Test(arguments: [
    ("-newkey rsa:1024 -subj /CN=x", "RSA from 2048 bits on"), ("-newkey ed25519 -subj /CN=x", "P-256, P-384 and RSA"),
  ])
  func keysThatAreTooWeakAreRefused(arguments: String, said: String) async throws {
    try await withFolder { folder in
      let error = await error { _ = try await openssl(arguments, in: folder) }
      #expect(error?.code == .malformed && error?.description.contains(said) == true)
    }
  }

  /// Whatever bit of it is wrong: it isn't signed by its key then, or can't be read, or nothing depends on it.
  @Test(arguments: [UInt8(1), 0x80])
  func aChangedRequestIsRefused(bit: UInt8) throws {
    let authority = try Authority(name: "test", at: .noon)
    let pending = try PendingCertificate(Identity(.host, "a1"), names: [.dns("a1.example")])
    let der = pending.request.der
    var accepted = 0
    for index in der.indices {
      var changed = der
      changed[index] ^= bit
      do {
        let request = try CertificateRequest(der: changed)
        accepted += 1
        #expect(request.names == pending.request.names)
        let issued = try authority.issue(CertificateOrder(pending.identity, for: request), at: .noon, by: "test")
        // Else the key isn't the certificate's.
        _ = try Credentials(issued, key: pending.key)
      } catch { #expect(error.code == .malformed, "byte \(index): \(error)") }
    }
    // The number of unused bits in the signature's last byte.
    #expect(accepted <= 1)
    for length in [0, 1, der.count - 1] {
      #expect(throws: TrustError.self) { _ = try CertificateRequest(der: Array(der.prefix(length))) }
    }
    #expect(throws: TrustError.self) { _ = try CertificateRequest(der: der + [0]) }
    #expect(throws: TrustError.self) {
      _ = try CertificateRequest(der: [UInt8](repeating: 0x30, count: CertificateRequest.largest + 1))
    }
  }

  @Test func theAnswerIsChecked() async throws {
    try await withAuthority { authority, folder in
      let hash = try authority.load().keyHash
      let pending = try PendingCertificate(Identity(.host, "a1"), names: [])
      func grant(_ folder: AuthorityFolder, _ name: String, _ request: CertificateRequest) throws -> JoinGrant {
        let order = CertificateOrder(try Identity(.host, name), for: request)
        return try folder.issue(order, at: .noon, by: "test").grant
      }
      let good = try grant(authority, "a1", pending.request)
      let credentials = try pending.credentials(from: good, authority: hash)
      #expect(credentials.identity.path == "host/a1")
      // Another's name.
      let named = try grant(authority, "a2", pending.request)
      #expect(await refusal { _ = try pending.credentials(from: named, authority: hash) } == .untrusted)
      // Another's key.
      let other = try PendingCertificate(Identity(.host, "a1"), names: [])
      let keyed = try grant(authority, "a1", other.request)
      #expect(await refusal { _ = try pending.credentials(from: keyed, authority: hash) } == .malformed)
      // Another authority, whole or in part.
      let theirs = AuthorityFolder(path: folder + "/theirs")
      _ = try theirs.create(name: "test", at: .noon)
      let foreign = try grant(theirs, "a1", pending.request)
      #expect(await refusal { _ = try pending.credentials(from: foreign, authority: hash) } == .untrusted)
      for (chain, roots) in [
        (foreign.chain, good.roots), (good.chain, foreign.roots), ([foreign.chain[0], good.chain[1]], foreign.roots),
        ([foreign.chain[0], good.chain[1]], good.roots), (good.chain, []), ([], good.roots),
        (good.chain, [good.chain[0]]), (good.chain, [[0x30]]),
        ([foreign.chain[0], good.chain[1]], foreign.roots + good.roots), (foreign.chain, good.roots + foreign.roots),
      ] {
        let mixed = JoinGrant(chain: chain, roots: roots)
        #expect(throws: TrustError.self) { _ = try pending.credentials(from: mixed, authority: hash) }
      }
    }
  }
}
