import ArgumentParser
import Documents

/// `transhumance validate`: what is wrong with documents and matrices, all of it, and where.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks federations, applications, scenarios and traffic matrices; tells all that is wrong with them.",
    discussion: """
      Problems are told as file:line:column, so that editors can jump to them. \
      An application that is given together with one federation is checked \
      against it: its hosts and sites must be there, with room for each VM. \
      One that is given together with one matrix is compared with that: \
      endpoints and VMs that only one of them has are warned of.

      Examples:
        transhumance validate federation.yaml
        transhumance validate federation.yaml application.yaml traffic.csv
        transhumance analyze cg.A.8.pcap.gz --format csv | transhumance validate -
        transhumance validate --kind matrix --format json counts.txt

      Exit codes: 0 all are valid (there may be warnings), 1 at least one isn't, 2 usage.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case table, json }

  @Argument(
    help: ArgumentHelp("YAML, JSON or CSV files; - is standard input.", valueName: "file"), completion: .file())
  var files: [String]

  @Option(help: "What the files are; told by their content unless given.")
  var kind: DocumentKind?

  @Option(help: "How the result is printed.")
  var format: Format = .table

  func validate() throws {
    if files.count(where: { $0 == "-" }) > 1 { throw ValidationError("Standard input (-) can be read once only.") }
  }

  func run() throws {
    let report = Report(checking: files, as: kind)
    switch format {
    case .table: try StandardOutput.write(report.text)
    case .json: try StandardOutput.write(json: report)
    }
    if !report.valid { throw CommandFailure(message: "") }
  }
}
