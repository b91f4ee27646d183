import ArgumentParser
import Trust

/// `transhumance ca`: who is who in the federation.
struct AuthorityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ca",
    abstract: "The authority that says who is a host, a controller or an operator.",
    discussion: """
      It lives in a folder, beside a controller or on a machine of its own. \
      Certificates are made by `issue`; a controller that is given the folder \
      (--cert-dir) makes its own. What `revoke` revokes counts for nothing at \
      once.

      Examples:
        transhumance ca init
        transhumance ca issue host a1 --out /root
        transhumance ca show
        transhumance ca revoke host/a1 --reason "disk stolen"
      """,
    subcommands: [AuthorityInit.self, AuthorityIssue.self, AuthorityRevoke.self, AuthorityShow.self])
}

/// Which authority.
struct AuthorityOptions: ParsableArguments {
  @Option(
    name: .customLong("cert-dir"), help: ArgumentHelp("The authority's folder.", valueName: "folder"),
    completion: .directory)
  var path = AuthorityFolder.usualPath

  var folder: AuthorityFolder { AuthorityFolder(path: path) }

  /// Runs the body, and says in the command's way what keeps the authority from doing it.
  func withFolder<Result>(_ body: (AuthorityFolder) throws -> Result) throws -> Result {
    do {
      return try body(folder)
    } catch let error as TrustError {
      throw CommandFailure(message: "\(error)")
    }
  }
}
