import Agent
import ArgumentParser
import Foundation
import Linux
import Model
import Trust

struct HostJoinCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "join",
    abstract: "Gets this host its certificate, by a token.",
    discussion: """
      `transhumance token create --print-join-command ADDRESS`, where the \
      controller runs, prints the whole command. The key is made here and \
      stays here. The controller is known by the hash of its authority's \
      key (`transhumance ca show --ca-hash`); nothing is sent to any other. \
      Run again, it goes on where it was interrupted, or finds that all is \
      done. The agent renews the certificate by itself. A token that is an \
      argument (--token) can be read by everybody on this machine while the \
      command runs.

      Example:
        transhumance host join 192.0.2.10 --token-file token \\
          --ca-hash sha256:1f0c… --host a1
      """)

  @Argument(
    help: ArgumentHelp("The controller; port 8083 unless given.", valueName: "address"),
    transform: { text in
      guard let address = DialAddress(text, defaultPort: HostJoin.usualPort) else {
        throw ValidationError("\"\(text)\" is no address[:port] or name[:port]")
      }
      return address
    })
  var controller: DialAddress
  @Option(
    help: ArgumentHelp(
      "A file with what transhumance token create has printed; -: standard input.", valueName: "file"),
    completion: .file())
  var tokenFile: String?
  @Option(
    help: ArgumentHelp("The token itself, instead.", valueName: "token"),
    transform: { text in
      guard let token = JoinToken(text) else { throw ValidationError("it has the form abcdef.0123456789abcdef") }
      return token
    })
  var token: JoinToken?
  @Option(
    help: ArgumentHelp("The hash of the authority's key: sha256:….", valueName: "hash"),
    transform: { text in
      guard let hash = KeyHash(text) else { throw ValidationError("it has the form sha256: and 64 digits") }
      return hash
    })
  var caHash: KeyHash
  @Option(
    name: .customLong("host"),
    help: ArgumentHelp("This host's name in the federation; that of the machine unless given.", valueName: "name"))
  var name: String?
  @Option(
    help: ArgumentHelp("Where credentials.pem and ca.crt go; made where it is missing.", valueName: "folder"),
    completion: .directory)
  var certDir = AuthorityFolder.usualPath

  func validate() throws {
    guard (token == nil) != (tokenFile == nil) else {
      throw ValidationError("The token is needed once: in a file (--token-file, - is standard input), or by --token.")
    }
    if let name {
      do { _ = try Identity(.host, name) } catch { throw ValidationError("--host: \(error)") }
    }
  }

  func run() async throws {
    do {
      switch try await join().run() {
      case .joined(let credentials): try report(credentials, "joined")
      case .present(let credentials):
        try report(credentials, "has joined already, nothing to do")
        Terminal.printLine("To join anew, as after a revocation, remove \(certDir)/credentials.pem first.")
      }
    } catch let error as TrustError {
      throw CommandFailure(message: "\(error)")
    }
  }

  @inline(never) private func join() throws -> HostJoin {
    let own = MachineNames()
    return HostJoin(
      controller: controller, token: try shownToken(), authority: caHash, host: try Identity(.host, name ?? own.short),
      names: own.names, folder: certDir, now: { .now })
  }

  private func shownToken() throws -> JoinToken {
    if let token { return token }
    let path = tokenFile ?? "-"
    let place = path == "-" ? "standard input" : path
    let bytes: [UInt8]
    do {
      bytes = try DocumentFile(path: path).read(upTo: 1024)
    } catch {
      throw CommandFailure(message: "\(place): can't be read: \(error)")
    }
    let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard let token = JoinToken(text) else {
      throw CommandFailure(message: "\(place): there has to be a token and nothing else: abcdef.0123456789abcdef")
    }
    return token
  }

  private func report(_ credentials: Credentials, _ what: String) throws {
    let now = Timestamp.now
    try StandardOutput.write(
      """
      \(credentials.identity): \(what); certificate \(credentials.peer.serial), until \(credentials.notAfter)
      Now run the agent, where lab.yaml has the hosts and networks:
        transhumance host --name \(credentials.identity.name) --lab lab.yaml --state /var/lib/transhumance \
      --collector \(collector) --cert-dir \(certDir)

      """)
    if credentials.notBefore > now {
      Terminal.printWarning(
        "the certificate is good from \(credentials.notBefore) on, and it is \(now) here: set the clock first")
    }
  }

  /// Where the agent reaches the controller, commonly.
  private var collector: String {
    switch controller.host {
    case .address(let address): "\(address)"
    case .name: "ADDRESS"
    }
  }
}
