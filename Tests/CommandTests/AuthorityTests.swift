import Foundation
import Testing

/// `transhumance ca`, as an operator uses it.
@Suite struct AuthorityTests {
  /// Runs a script in a folder of its own; `$T` is the command.
  private func inFolder(_ script: String, _ body: (Command) throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      try body(try await Command.shell("T=$TRANSHUMANCE; cd '\(folder.path)' || exit 99\n\(script)"))
    }
  }

  private func json(_ text: some StringProtocol) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
  }

  @Test func anAuthorityFromBeginningToEnd() async throws {
    try await inFolder(
      """
      set -e
      $T ca init --cert-dir pki --name 'cloud lab' > init
      $T ca issue host a1 --san a1.example --san 192.0.2.7 --cert-dir pki
      $T ca issue operator alice --not-after 12h --cert-dir pki --out .
      $T ca issue controller c1 --cert-dir pki --not-after 30d > /dev/null
      openssl verify -purpose sslserver -verify_hostname a1.example -CAfile pki/ca.crt a1.crt
      stat -c '%a %n' pki pki/ca.key a1.key a1.crt
      $T ca revoke host/a1 --reason 'disk stolen' --cert-dir pki > revoked
      $T ca revoke host/a1 --cert-dir pki
      $T ca show --format json --cert-dir pki
      """
    ) { command in
      #expect(command.code == 0, "\(command.error)")
      let lines = command.output.split(separator: "\n")
      #expect(lines[0].hasPrefix("./a1.crt: host a1, serial ") && lines[1].hasPrefix("./alice.crt: operator alice, "))
      #expect(
        lines[2...7] == [
          "a1.crt: OK", "700 pki", "600 pki/ca.key", "600 a1.key", "644 a1.crt", "nothing to do: revoked already",
        ])
      let shown = try json(command.output.drop { $0 != "{" })
      let authority = try #require(shown["authority"] as? [String: Any])
      #expect(authority["subject"] as? String == "CN=cloud lab,O=transhumance")
      #expect((authority["hash"] as? String)?.wholeMatch(of: /sha256:[0-9a-f]{64}/) != nil)
      let certificates = try #require(shown["certificates"] as? [[String: Any]])
      #expect(certificates.map { $0["name"] as? String } == ["a1", "alice", "c1"])
      #expect(certificates.map { $0["state"] as? String } == ["revoked", "valid", "valid"])
      #expect(certificates[0]["names"] as? [String] == ["a1", "a1.example", "192.0.2.7"])
      #expect(certificates[0]["reason"] as? String == "disk stolen")
      #expect(certificates[0]["by"] as? String == NSUserName())
    }
  }

  @Test func anExistingAuthorityAndARequest() async throws {
    try await inFolder(
      """
      set -e
      umask 077
      openssl req -x509 -newkey rsa:2048 -nodes -keyout our.key -out our.crt -subj /CN=corporate 2> log
      openssl req -new -newkey rsa:2048 -nodes -keyout a1.key -out a1.csr -subj /CN=root 2> log
      $T ca init --root our.crt --key our.key --cert-dir pki > /dev/null
      mkdir out
      $T ca issue host a1 --csr a1.csr --cert-dir pki --out out > /dev/null
      openssl verify -CAfile our.crt out/a1.crt
      ls out
      $T ca show --ca-hash --cert-dir pki
      openssl x509 -in our.crt -pubkey -noout | openssl pkey -pubin -outform DER | sha256sum | cut -c -64
      """
    ) { command in
      #expect(command.code == 0, "\(command.error)")
      let lines = command.output.split(separator: "\n")
      #expect(lines.count == 4 && lines[0] == "out/a1.crt: OK" && lines[1] == "a1.crt")
      #expect(lines.last.map { "sha256:\($0)" } == lines.dropLast().last.map(String.init))
    }
  }

  /// What can't be done, its exit code, and what is said.
  @Test(arguments: [
    ("ca init --cert-dir pki", 1, "is never overwritten"), ("ca init --cert-dir other --root x", 2, "belong together"),
    ("ca init --cert-dir other --root x --key y", 1, "y: there is no such file"),
    ("ca init --cert-dir other --root x --key y --name z", 2, "a new authority's"),
    ("ca issue host a1 --cert-dir none", 1, "transhumance ca init --cert-dir none"),
    ("ca issue guest a1 --cert-dir pki", 2, "'guest' is invalid"),
    ("ca issue host a/1 --cert-dir pki", 2, "can't be a host's name"),
    ("ca issue host a1 --san 'a b' --cert-dir pki", 2, "--san"),
    ("ca issue host a1 --not-after 2001-01-01T00:00:00Z --cert-dir pki", 2, "has passed"),
    ("ca issue host a1 --not-after 0d --cert-dir pki", 2, "--not-after"),
    ("ca issue host a1 --csr pki/ca.crt --cert-dir pki", 1, "there are 0"),
    ("ca issue host here --cert-dir pki", 1, "here.key: is there already"),
    ("ca issue host a1 --out nowhere --cert-dir pki", 1, "nowhere: no folder in which"),
    ("ca revoke host/b9 --cert-dir pki", 1, "has no certificate that is still good"),
    ("ca revoke b9 --cert-dir pki", 1, "no certificate b9 was issued"),
    ("ca revoke host --cert-dir pki", 2, "Usage"),
  ])
  func refusals(arguments: String, code: Int32, said: String) async throws {
    try await inFolder("$T ca init --cert-dir pki > log; touch here.key; $T \(arguments)") { command in
      #expect(command.code == code, "\(command.output)\(command.error)")
      #expect(command.error.contains(said), "\(command.error)")
    }
  }

  /// Processes that write at once lose nothing of one another.
}
