import ArgumentParser
import Lab
import SystemPackage

struct LabShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Shows the lab: its sites, hosts and where each guest runs now.",
    discussion: """
      Examples:
        transhumance lab status
        transhumance lab status --format json

      Exit codes: 0 a lab is up, 1 none is, 2 usage.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case table, json }

  @Option(help: "How the status is printed.")
  var format: Format = .table

  func run() async throws {
    try await reportingLab {
      let (lab, processes) = try Laboratory.ofThisMachine.current()
      let wan = try? WANClient(socket: FilePath(WANClient.standardSocket)).send(WANRequest(.status))
      let status = LabStatus(lab, processes, wan: wan)
      switch format {
      case .json: try StandardOutput.write(json: status)
      case .table: try StandardOutput.write(status.table)
      }
    }
  }
}

extension LabStatus {
  var table: String {
    var table = TextTable([("SITE", .left), ("HOST", .left), ("ADDRESS", .left), ("GUESTS", .left)])
    for site in sites {
      for host in site.hosts {
        table.append([site.name, host.name, host.address, host.up ? host.guests.joined(separator: " ") : "(killed)"])
      }
      for machine in site.machines { table.append([site.name, machine.name, machine.address, "(a machine)"]) }
    }
    let notes = lost.isEmpty ? "" : "\nRun nowhere: \(lost.joined(separator: ", "))\n"
    return table.rendered() + notes + "\n" + (wan?.table ?? "The WAN doesn't answer.\n")
  }
}
