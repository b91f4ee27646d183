import ArgumentParser
import Linux
import Model
import Trust

struct TokenList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists tokens, without their secrets.",
    discussion: """
      Examples:
        transhumance token list
        transhumance token list --format json
      """)

  @Option(help: "How the list is printed.") var format: DocumentFormat = .table
  @OptionGroup var authority: AuthorityOptions

  func run() throws {
    let list = try authority.withFolder { try TokenTable($0.joinTokens(), $0.apiTokens(), at: .now) }
    try list.write(format, only: nil)
  }
}
