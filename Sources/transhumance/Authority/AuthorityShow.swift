import ArgumentParser
import Linux
import Model
import Trust

struct AuthorityShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows the authority, and what it has signed.",
    discussion: """
      Examples:
        transhumance ca show
        transhumance ca show host/a1 --format json
        transhumance ca show --ca-hash
      """)

  @Argument(
    help: ArgumentHelp("Only these: serial numbers, or role/name.", valueName: "certificate"),
    transform: AuthorityRevoke.Target.init(reading:))
  var only: [AuthorityRevoke.Target] = []
  @Flag(help: "Print nothing but the hash by which joining hosts know the authority.") var caHash = false
  @Option(help: "How it is printed; CSV has the certificates alone.") var format: DocumentFormat = .table
  @OptionGroup var authority: AuthorityOptions

  func run() throws {
    let (document, list) = try authority.withFolder { folder in
      let document = try AuthorityDocument(folder.load(), folder)
      let (records, problems) = try folder.records()
      let (revocations, problem) = try folder.revocations()
      for problem in problems + [problem].compactMap(\.self) { Terminal.printWarning(problem) }
      return (document, CertificateList(records.filter(isWanted), revocations, at: .now))
    }
    if caHash { return try StandardOutput.write(document.hash + "\n") }
    switch format {
    case .json: try StandardOutput.write(json: Shown(authority: document, certificates: list.rows.map(\.document)))
    case .csv: try list.write(.csv, only: nil)
    case .table:
      try StandardOutput.write(document.text + "\n")
      try list.write(.table, only: nil)
    }
  }

  private struct Shown: Encodable {
    var authority: AuthorityDocument
    var certificates: [CertificateList.Document]
  }

  private func isWanted(_ record: IssuedRecord) -> Bool {
    only.isEmpty
      || only.contains { wanted in
        switch wanted.value {
        case .serial(let serial): record.serial == serial
        case .holder(let identity): record.belongs(to: identity)
        }
      }
  }
}
