import Agent
import ArgumentParser
import Foundation
import Linux
import Model
import Trust

struct TokenCreate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Makes a token, and prints it.",
    discussion: """
      With --role join (the default) a host joins by it: one host unless \
      --uses says more, within a day unless --ttl says otherwise, and under \
      no name that has a certificate already, unless --host names it. With \
      --role read or operate a program uses the API by it, everywhere or \
      only for the sites and applications named.

      Examples:
        transhumance token create --print-join-command 192.0.2.10
        transhumance token create --uses 20 --ttl 2h
        transhumance token create --host a1 --description "reinstalled"
        transhumance token create --role operate --application cg
      """)

  @Option(help: "What it allows: join, read or operate.") var role = TokenCommand.Role.join
  @Option(
    help: ArgumentHelp("Until when, or for how long; 1d to join, 30d for the API unless given.", valueName: "time"),
    transform: Lifetime.init(reading:))
  var ttl: Lifetime?
  @Option(help: ArgumentHelp("How many hosts may join by it; 1 unless given.", valueName: "count")) var uses: Int?
  @Option(help: ArgumentHelp("The only host that may join by it, also if it has a certificate.", valueName: "name"))
  var host: String?
  @Option(name: .customLong("site"), help: ArgumentHelp("Only this site; may be repeated.", valueName: "name"))
  var sites: [String] = []
  @Option(
    name: .customLong("application"), help: ArgumentHelp("Only this application; may be repeated.", valueName: "name"))
  var applications: [String] = []
  @Option(help: "For whoever reads the list.") var description = ""
  @Option(
    help: ArgumentHelp(
      "Print the whole command for the host, which reaches the controller there.", valueName: "address"))
  var printJoinCommand: String?
  @OptionGroup var authority: AuthorityOptions

  func validate() throws {
    if role == .join {
      guard sites.isEmpty, applications.isEmpty else {
        throw ValidationError("--site and --application narrow --role read and operate.")
      }
    } else {
      guard uses == nil, host == nil, printJoinCommand == nil else {
        throw ValidationError("--uses, --host and --print-join-command belong to --role join.")
      }
    }
    if let printJoinCommand, DialAddress(printJoinCommand, defaultPort: HostJoin.usualPort) == nil {
      throw ValidationError("--print-join-command: \"\(printJoinCommand)\" is no address[:port] or name[:port].")
    }
    if let uses, uses < 1 { throw ValidationError("--uses is 1 or more.") }
    if let host {
      do { _ = try Identity(.host, host) } catch { throw ValidationError("--host: \(error)") }
    }
  }

  func run() throws {
    let now = Timestamp.now
    let text = try authority.withFolder { folder -> String in
      // A token without an authority would be good for nothing.
      let hash = try folder.load().keyHash
      if let grant {
        let lifetime = try ttl?.nanoseconds(from: now) ?? APITokens.lifetime
        return try folder.createAPIToken(
          grant, lifetime: lifetime, description: description, by: LoginName.current, at: now
        ).text
      }
      let lifetime = try ttl?.nanoseconds(from: now) ?? JoinTokens.lifetime
      let token = try folder.createJoinToken(
        host: host, uses: uses ?? 1, lifetime: lifetime, description: description, by: LoginName.current, at: now)
      guard let printJoinCommand else { return token.text }
      // No argument of a program, which others of that machine could read: shells do `echo` themselves.
      let command = "echo \(token.text) | transhumance host join \(printJoinCommand) --token-file - --ca-hash \(hash)"
      return command + (host.map { " --host \($0)" } ?? "")
    }
    try StandardOutput.write(text + "\n")
  }

  /// Nil: of a token to join.
  private var grant: APIGrant? {
    switch role {
    case .join: nil
    case .read: APIGrant(.read, sites: sites, applications: applications)
    case .operate: APIGrant(.operate, sites: sites, applications: applications)
    }
  }
}
