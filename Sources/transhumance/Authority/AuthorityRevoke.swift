import ArgumentParser
import Linux
import Model
import Trust

struct AuthorityRevoke: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "Makes certificates count for nothing, at once.",
    discussion: """
      By serial number, or all of a holder's that are still good. Controllers \
      that use the folder refuse them from the next call on, and end calls \
      that go on; hosts are told by their controllers.

      Examples:
        transhumance ca revoke host/a1 --reason "disk stolen"
        transhumance ca revoke 4e09a76592416aa023161bc392a3f168
      """)

  @Argument(
    help: ArgumentHelp("As `transhumance ca show` lists them.", valueName: "serial or role/name"),
    transform: Target.init(reading:))
  var target: Target
  @Option(help: "Why, for whoever looks.") var reason = ""
  @OptionGroup var authority: AuthorityOptions

  /// `4e09…` or `host/a1`.
  struct Target {
    var value: AuthorityFolder.Target

    /// - Throws: where the text is neither.
    init(reading argument: String) throws {
      if let identity = Identity(path: argument) {
        value = .holder(identity)
      } else if let serial = SerialNumber(argument) {
        value = .serial(serial)
      } else {
        throw ValidationError("host/NAME, controller/NAME or operator/NAME, or a serial number of hexadecimal digits.")
      }
    }
  }

  func run() throws {
    let revoked = try authority.withFolder { try $0.revoke(target.value, reason: reason, at: .now) }
    guard !revoked.isEmpty else { return try StandardOutput.write("nothing to do: revoked already\n") }
    for serial in revoked { try StandardOutput.write("\(serial): revoked\n") }
  }
}
