import ArgumentParser
import Foundation
import Linux
import Model
import Trust

struct AuthorityIssue: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "issue",
    abstract: "Signs a certificate.",
    discussion: """
      Makes NAME.crt (the certificate, then the authority's) and NAME.key \
      (mode 600) in the folder --out, neither of which may be there. With \
      --csr the key stays where it is; of the request only the key counts, \
      names are --san's. With --credentials all goes into one file instead, \
      credentials.pem, as --cert-dir of an operator's or a host's commands \
      takes it. Hosts need none of this: they join by a token.

      Examples:
        transhumance ca issue controller c1 --san c1.example --san 192.0.2.10
        transhumance ca issue operator alice --not-after 30d
        transhumance ca issue operator alice --credentials alice
        transhumance ca issue host a1 --csr a1.csr --out /tmp
      """)

  @Argument(help: "host, controller or operator.") var role: Identity.Role
  @Argument(
    help: ArgumentHelp(
      "Of a host, as in the federation; letters, digits, dots, hyphens and underscores.", valueName: "name"))
  var name: String
  @Option(
    name: .customLong("san"),
    help: ArgumentHelp("A further name or address by which it may be dialled; may be repeated.", valueName: "name"),
    transform: SubjectName.init(reading:))
  var names: [SubjectName] = []
  @Option(
    help: ArgumentHelp("Until when, or for how long; 90d unless given.", valueName: "time"),
    transform: Lifetime.init(reading:))
  var notAfter = Lifetime.span(nanoseconds: CertificateOrder.lifetime)
  @Option(
    help: ArgumentHelp("A request (PKCS #10, PEM) for a key that is elsewhere.", valueName: "file"), completion: .file()
  )
  var csr: String?
  @Option(help: ArgumentHelp("Where the files go.", valueName: "folder"), completion: .directory)
  var out = "."
  @Option(
    help: ArgumentHelp("Where credentials.pem and ca.crt go instead; made where it is missing.", valueName: "folder"),
    completion: .directory)
  var credentials: String?
  @OptionGroup var authority: AuthorityOptions

  func validate() throws {
    do { _ = try Identity(role, name) } catch { throw ValidationError("\(error)") }
    guard credentials == nil || (csr == nil && out == ".") else {
      throw ValidationError("--credentials has the key too, in a folder of its own: it goes without --csr and --out.")
    }
  }

  func run() throws {
    let now = Timestamp.now
    if let credentials { return try makeCredentials(in: credentials, at: now) }
    let (certificate, key) = ("\(out)/\(name).crt", "\(out)/\(name).key")
    for path in csr == nil ? [certificate, key] : [certificate] where FileManager.default.fileExists(atPath: path) {
      throw CommandFailure(message: "\(path): is there already, and is never overwritten: name another folder (--out)")
    }
    guard FileManager.default.isWritableFile(atPath: out + "/.") else {
      throw CommandFailure(message: "\(out): no folder in which files can be made: make it, or name another (--out)")
    }
    let lifetime = try notAfter.nanoseconds(from: now)
    let record = try authority.withFolder { folder -> IssuedRecord in
      let identity = try Identity(role, name)
      if let csr {
        let request = try CertificateRequest(path: csr)
        let order = CertificateOrder(identity, names: names, lifetime: lifetime, for: request)
        let issued = try folder.issue(order, at: now, by: LoginName.current)
        try issued.create(certificate: certificate)
        return issued.record
      }
      let pair = KeyPair()
      let order = CertificateOrder(identity, names: names, lifetime: lifetime, for: pair)
      let issued = try folder.issue(order, at: now, by: LoginName.current)
      try Credentials(issued, key: pair).create(certificate: certificate, key: key)
      return issued.record
    }
    try StandardOutput.write(
      "\(certificate): \(role.rawValue) \(name), serial \(record.serial), until \(record.notAfter)\n")
  }
}

extension AuthorityIssue {
  private func makeCredentials(in path: String, at now: Timestamp) throws {
    let file = path + "/credentials.pem"
    guard !FileManager.default.fileExists(atPath: file) else {
      throw CommandFailure(message: "\(file): is there already, and is never overwritten: name another folder")
    }
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw CommandFailure(message: "the folder \(path) can't be made: \(error.localizedDescription)")
    }
    let lifetime = try notAfter.nanoseconds(from: now)
    let made = try authority.withFolder { folder -> Credentials in
      let key = KeyPair()
      let order = CertificateOrder(try Identity(role, name), names: names, lifetime: lifetime, for: key)
      let credentials = try Credentials(folder.issue(order, at: now, by: LoginName.current), key: key)
      try credentials.save(folder: path)
      return credentials
    }
    try StandardOutput.write("\(file): \(role.rawValue) \(name), serial \(made.peer.serial), until \(made.notAfter)\n")
  }
}

extension Identity.Role: ExpressibleByArgument {}

extension SubjectName {
  fileprivate init(reading text: String) throws {
    guard let name = SubjectName(text) else {
      throw ValidationError("an address, or a host name of letters, digits, dots, hyphens and underscores.")
    }
    self = name
  }
}
