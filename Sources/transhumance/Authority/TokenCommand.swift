import ArgumentParser
import Trust

/// `transhumance token`: what lets hosts join, and programs ask.
struct TokenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: "Tokens by which hosts join and programs use the API.",
    discussion: """
      A token is shown once, when it is made; only a hash of it is kept.

      Examples:
        transhumance token create --print-join-command 192.0.2.10
        transhumance token create --role read --site rennes --ttl 7d
        transhumance token list
        transhumance token revoke abcdef
      """,
    subcommands: [TokenCreate.self, TokenList.self, TokenRevoke.self])

  /// What a token is for.
  enum Role: String, CaseIterable, ExpressibleByArgument { case join, read, operate }
}

struct TokenRevoke: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "Makes a token good for nothing, at once; hosts that have joined with it stay.",
    discussion: """
      Example:
        transhumance token revoke abcdef
      """)

  @Argument(help: ArgumentHelp("The token, or the part before its dot.", valueName: "token")) var token: String
  @OptionGroup var authority: AuthorityOptions

  func run() throws {
    let id = String(token.prefix { $0 != "." })
    try authority.withFolder { folder in
      if try folder.joinTokens().records.contains(where: { $0.id == id }) {
        try folder.revokeJoinToken(id)
      } else if try folder.apiTokens().records.contains(where: { $0.id == id }) {
        try folder.revokeAPIToken(id)
      } else {
        throw CommandFailure(message: "there is no token \(id.prefix(20)): `transhumance token list` lists all")
      }
    }
    try StandardOutput.write("\(id): revoked\n")
  }
}
