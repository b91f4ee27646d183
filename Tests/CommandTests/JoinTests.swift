import Foundation
import Testing

/// `transhumance host join`, and operators' commands of another machine, against a real controller on loopback.
@Suite struct JoinTests {
  /// A controller with an authority in `pki`, and where it listens.
  private func withController(
    _ body: (_ folder: URL, _ port: String, _ joinPort: String) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      let made = try await Command.run(["ca", "init", "--cert-dir", folder.path + "/pki"])
      #expect(made.code == 0, "\(made.error)")
      // Which writes the federation's file, of a1 and b1.
      _ = try ControllerFolder(folder)
      let controller = try RunningCommand(
        Command.executable.path,
        [
          "controller", "--federation", folder.path + "/federation.yaml", "--state", folder.path + "/state",
          "--cert-dir", folder.path + "/pki", "--listen", "127.0.0.1:0", "--join-listen", "127.0.0.1:0",
        ], in: folder, name: "controller")
      let result: Result<Void, any Error>
      do {
        try await controller.wait(for: "listens at", in: \.errors)
        let line = try #require(controller.errors.first { $0.contains("listens at") })
        let ports = try #require(line.firstMatch(of: /127\.0\.0\.1:(\d+) .*hosts join at 127\.0\.0\.1:(\d+)/))
        try await body(folder, String(ports.1), String(ports.2))
        result = .success(())
      } catch {
        result = .failure(error)
      }
      _ = try await controller.end(by: SIGTERM)
      try result.get()
    }
  }

  private func output(_ arguments: String...) async throws -> String {
    let run = try await Command.run(arguments)
    #expect(run.code == 0, "\(arguments): \(run.error)")
    return run.output.trimmingCharacters(in: .newlines)
  }

  @Test func aHostJoinsByTheCommandThatIsPrinted() async throws {
    try await withController { folder, _, joinPort in
      let pki = folder.path + "/pki"
      let printed = try await output(
        "token", "create", "--cert-dir", pki, "--print-join-command", "127.0.0.1:\(joinPort)")
      // `echo TOKEN | transhumance host join …`
      let all = printed.split(separator: " ").map(String.init)
      #expect(all.prefix(4) == ["echo", all[1], "|", "transhumance"])
      let (token, words) = (all[1], Array(all.dropFirst(4)))
      let into = ["--host", "a1", "--cert-dir", folder.path + "/a1"]
      let joined = try await Command.run(words + into, input: token + "\n")
      #expect(joined.code == 0, "\(joined.error)")
      #expect(joined.output.hasPrefix("host a1: joined; certificate "))
      #expect(joined.output.contains("\n  transhumance host --name a1 --lab lab.yaml --state /var/lib/transhumance "))
      #expect(joined.output.hasSuffix(" --collector 127.0.0.1 --cert-dir \(folder.path)/a1\n"))
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/a1").sorted()
      #expect(files == ["ca.crt", "credentials.pem"])
      let shown = try await output("ca", "show", "host/a1", "--cert-dir", pki, "--format", "csv")
      #expect(shown.contains(",host,a1,valid,") && shown.contains("token \(token.prefix(6))"))
      // Again: there is nothing to do, also when the controller can't be reached.
      let again = try await Command.run(["host", "join", "127.0.0.1:1"] + words.dropFirst(3) + into, input: token)
      #expect(again.code == 0 && again.output.contains("has joined already, nothing to do"), "\(again.error)")
      // Somebody else, by the same token, which is in a file.
      let file = folder.path + "/token"
      try Data("\(token)\n".utf8).write(to: URL(filePath: file))
      let held = words.map { $0 == "-" ? file : $0 }
      let other = try await Command.run(held + ["--host", "b1", "--cert-dir", folder.path + "/b1"])
      #expect(other.code == 1 && other.error.contains("is used up, by a1"), "\(other.error)")
      #expect(other.error.contains("transhumance token create"))
      // By another authority's hash.
      let wrong = try await Command.run([
        "host", "join", "127.0.0.1:\(joinPort)", "--token", token, "--ca-hash",
        "sha256:" + String(repeating: "0", count: 64), "--host", "b1", "--cert-dir", folder.path + "/b1",
      ])
      #expect(wrong.code == 1 && wrong.error.contains("isn't believed to be the controller, and was told nothing"))
    }
  }

  @Test func anOperatorAsksFromElsewhere() async throws {
    try await withController { folder, port, _ in
      let pki = folder.path + "/pki"
      _ = try await output("ca", "issue", "operator", "alice", "--cert-dir", pki, "--out", folder.path)
      _ = try await output("ca", "issue", "operator", "bob", "--cert-dir", pki, "--credentials", folder.path + "/bob")
      _ = try await output("ca", "issue", "host", "a1", "--cert-dir", pki, "--credentials", folder.path + "/a1")
      let there = ["--controller", "127.0.0.1:\(port)"]
      let alice = [
        "--cert", folder.path + "/alice.crt", "--key", folder.path + "/alice.key", "--cacert", pki + "/ca.crt",
      ]
      let sites = try await Command.run(["get", "sites", "--format", "csv"] + there + alice)
      #expect(sites.code == 0 && sites.output.split(separator: "\n").count == 3, "\(sites.output)\(sites.error)")
      let bob = there + ["--cert-dir", folder.path + "/bob"]
      let paused = try await Command.run(["pause", "--reason", "noon"] + bob)
      #expect(paused.code == 0, "\(paused.error)")
      let events = try await Command.run(["events"] + bob)
      #expect(events.code == 0 && events.output.contains("noon"), "\(events.output)\(events.error)")
      // Who may not.
      let host = try await Command.run(["events"] + there + ["--cert-dir", folder.path + "/a1"])
      #expect(host.code == 1 && host.error.contains("only operators may"), "\(host.error)")
      let nobody = try await Command.run(["events"] + there + ["--cert-dir", folder.path + "/none"])
      #expect(nobody.code == 1 && nobody.error.contains("transhumance ca issue operator"), "\(nobody.error)")
      // A controller that is named in the list that bob has been given.
      let shown = try await output("ca", "show", "--cert-dir", pki, "--format", "csv")
      let controller = try #require(shown.split(separator: "\n").first { $0.contains(",controller,") })
      let line = "\(controller.prefix { $0 != "," }) stolen\n"
      try Data(line.utf8).write(to: URL(filePath: folder.path + "/bob/revoked"))
      let distrusted = try await Command.run(["events"] + bob)
      #expect(distrusted.code == 1 && distrusted.error.contains("isn't the controller: controller "))
      #expect(distrusted.error.contains("was revoked: stolen"), "\(distrusted.error)")
      // And one who has a list that can't be read makes no guesses.
      try Data("stolen\n".utf8).write(to: URL(filePath: folder.path + "/bob/revoked"))
      let damaged = try await Command.run(["events"] + bob)
      #expect(damaged.code == 1 && damaged.error.contains("bob/revoked: line 1: \"stolen\""), "\(damaged.error)")
      try FileManager.default.removeItem(atPath: folder.path + "/bob/revoked")
      let again = try await Command.run(["events"] + bob)
      #expect(again.code == 0, "\(again.error)")
      _ = try await output("ca", "revoke", "operator/bob", "--cert-dir", pki)
      let revoked = try await Command.run(["events"] + bob)
      #expect(revoked.code == 1, "\(revoked.output)")
      // A server that is somebody else's.
      _ = try await output("ca", "init", "--cert-dir", folder.path + "/theirs")
      _ = try await output(
        "ca", "issue", "operator", "eve", "--cert-dir", folder.path + "/theirs", "--credentials", folder.path + "/eve")
      let eve = try await Command.run(["events"] + there + ["--cert-dir", folder.path + "/eve"])
      #expect(eve.code == 1 && eve.error.contains("isn't the controller: "), "\(eve.error)")
    }
  }

  /// A certificate in its last third is renewed by the command that it is used for. OpenSSL has made it forty days ago.
  @Test func anOperatorsCertificateIsRenewedAsItIsUsed() async throws {
    try await withController { folder, port, _ in
      let run = try await Command.shell(
        """
        set -e
        cd '\(folder.path)'
        umask 077
        cat > ca.conf << END
        [ca]
        default_ca = d
        [d]
        database = index
        serial = serial
        new_certs_dir = .
        default_md = sha256
        policy = p
        [p]
        commonName = supplied
        [e]
        basicConstraints = critical,CA:FALSE
        extendedKeyUsage = clientAuth
        subjectAltName = URI:transhumance://operator/alice
        END
        touch index
        echo 01 > serial
        mkdir alice
        openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -out csr -subj /CN=alice 2> log
        openssl ca -batch -config ca.conf -extensions e -cert pki/ca.crt -keyfile pki/ca.key -in csr -out crt -notext \
          -startdate $(date -u -d '40 days ago' +%y%m%d%H%M%SZ) -enddate $(date -u -d '10 days' +%y%m%d%H%M%SZ) 2>> log
        cat key crt pki/ca.crt > alice/credentials.pem
        for n in 1 2; do
          $TRANSHUMANCE get sites --controller 127.0.0.1:\(port) --cert-dir alice > sites
        done
        openssl x509 -in alice/credentials.pem -noout -checkend $((40 * 86400))
        $TRANSHUMANCE ca show operator/alice --cert-dir pki --format csv | tail -n +2 | cut -d , -f 2-4,9
        """)
      #expect(run.code == 0, "\(run.output)\(run.error)")
      // Once, and by whoever held it before.
      #expect(
        run.output == "Certificate will not expire\noperator,alice,valid,operator alice (renewal of 01)\n",
        "\(run.output)\(run.error)")
    }
  }

  @Test(arguments: [("", "standard input: there has to be a token"), ("abcdef.0123456789abcdef x", "and nothing else")])
  func whatIsNoToken(input: String, said: String) async throws {
    let hash = "sha256:" + String(repeating: "0", count: 64)
    let join = ["host", "join", "127.0.0.1:1", "--ca-hash", hash, "--token-file"]
    let run = try await Command.run(join + ["-"], input: input)
    #expect(run.code == 1 && run.error.contains(said), "\(run.error)")
    let missing = try await Command.run(join + ["/nowhere/token"])
    #expect(missing.code == 1 && missing.error.contains("/nowhere/token: can't be read"), "\(missing.error)")
  }

  /// What can't be meant, and what is said.
  @Test(arguments: [
    ("host join", "address"),
    (
      "host join 192.0.2.300 --token abcdef.0123456789abcdef --ca-hash sha256:\(String(repeating: "0", count: 64))",
      "no address"
    ),
    ("host join c1 --token abcdef --ca-hash sha256:\(String(repeating: "0", count: 64))", "abcdef.0123456789abcdef"),
    ("host join c1 --token abcdef.0123456789abcdef --ca-hash sha256:00", "64 digits"),
    (
      "host join c1 --token abcdef.0123456789abcdef --ca-hash sha256:\(String(repeating: "0", count: 64)) --host a/1",
      "can't be a host's name"
    ),
    ("host join c1 --ca-hash sha256:\(String(repeating: "0", count: 64))", "--token-file"),
    (
      "host join c1 --token abcdef.0123456789abcdef --token-file x --ca-hash sha256:"
        + String(repeating: "0", count: 64), "needed once"
    ),
    ("host --name a1 --lab x --state y --cert-dir z", "--collector"),
    ("host --name a1 --lab x --state y --collector 127.0.0.1 --cert-dir z --cert c --key k --cacert a", "give one"),
    ("controller --federation x --state y --join-listen 127.0.0.1", "--cert-dir"),
    ("controller --federation x --state y --cert-dir z --join-listen c1", "no address:port"),
    ("events --cert-dir x", "--controller"), ("events --controller c1 --cert x", "belong together"),
    ("get sites --controller /x/y.sock --cert-dir x", "--controller HOST"),
    ("ca issue operator a --credentials x --out y", "goes without"),
    ("ca issue host a1 --not-after yesterday", "a length of time as 90d"), ("token create --ttl 0", "as 90d or 12h"),
    ("ca issue host a1 --san a,b", "a host name of letters"), ("ca revoke zz", "host/NAME"), ("ca show xx", "host/NAME"),
    ("controller --federation x --state y --http x:y", "192.0.2.10:8081"),
    ("host --name a1 --lab x --state y --collector c:x", "192.0.2.10:8080"),
    ("get hosts --controller 127.0.0.1:99999", "from 1 to 65535"),
    ("get hosts --controller http://127.0.0.1:8081", "without http://"),
  ])
  func usage(arguments: String, said: String) async throws {
    let run = try await Command.run(arguments.split(separator: " ").map(String.init))
    #expect(run.code == 2, "\(run.output)\(run.error)")
    #expect(run.error.contains(said), "\(run.error)")
  }
}
