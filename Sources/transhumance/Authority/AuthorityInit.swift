import ArgumentParser
import Linux
import Model
import Trust

struct AuthorityInit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Makes an authority, or takes an existing one's certificate and key.",
    discussion: """
      A new one has a P-256 key that signs itself. An existing one (P-256, \
      P-384 or RSA from 2048 bits on, PEM) is trusted for itself alone: what \
      authorities above or beside it sign is nobody's here. There is never \
      more than one in a folder, and none is overwritten.

      Examples:
        transhumance ca init
        transhumance ca init --cert-dir ./pki --name "cloud lab"
        transhumance ca init --root ca.crt --key ca.key
      """)

  @OptionGroup var authority: AuthorityOptions
  @Option(help: "The new authority's name; transhumance unless given.")
  var name: String?
  @Option(
    help: ArgumentHelp("Until when, or how long, the new authority is good; 3650d unless given.", valueName: "time"),
    transform: Lifetime.init(reading:))
  var notAfter: Lifetime?
  @Option(help: ArgumentHelp("An existing authority's certificate.", valueName: "file"), completion: .file())
  var root: String?
  @Option(help: ArgumentHelp("Its key, unencrypted, mode 600.", valueName: "file"), completion: .file())
  var key: String?

  func validate() throws {
    guard (root == nil) == (key == nil) else { throw ValidationError("--root and --key belong together.") }
    guard root == nil || (name == nil && notAfter == nil) else {
      throw ValidationError("--name and --not-after are a new authority's; --root has its own.")
    }
  }

  func run() throws {
    let now = Timestamp.now
    let made = try authority.withFolder { folder in
      if let root, let key { return try folder.adopt(certificate: root, key: key, at: now) }
      let lifetime = try (notAfter ?? .span(nanoseconds: Authority.lifetime)).nanoseconds(from: now)
      return try folder.create(name: name ?? "transhumance", lifetime: lifetime, at: now)
    }
    try StandardOutput.write(AuthorityDocument(made, authority.folder).text)
    Terminal.printLine(
      "Whoever has \(authority.path)/ca.key can be anybody here: keep a copy of it where nobody can read it.")
  }
}
