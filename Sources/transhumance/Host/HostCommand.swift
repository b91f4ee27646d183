import Agent
import ArgumentParser
import Documents
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

struct HostCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "host",
    abstract: "Runs the agent of a host: programs its network, owns the moves of its VMs.",
    discussion: """
      One agent per physical host, as root. It listens on port 8082 of the \
      host's underlay address for the agents of the other hosts, and on a \
      Unix socket in the state folder for the operator's commands. SIGTERM \
      ends it; VMs and their network stay as they are, and the next start \
      goes on from the journal.

      Example:
        transhumance host --name a1 --lab lab.yaml --state /var/lib/transhumance
      """)

  @Option(help: ArgumentHelp("This host, by its name in the lab file.", valueName: "host")) var name: String
  @Option(help: ArgumentHelp("The hosts, networks and VMs.", valueName: "file"), completion: .file()) var lab: String
  @Option(help: ArgumentHelp("Folder of the journal and the socket.", valueName: "folder"), completion: .directory)
  var state: String
  @Option(help: ArgumentHelp("The local hypervisor.", valueName: "uri")) var hypervisor = "qemu:///system"
  @Option(help: "The least that is logged.")
  var logLevel: Level = .info

  enum Level: String, CaseIterable, ExpressibleByArgument {
    case trace, debug, info, notice, warning, error, critical
  }

  func run() async throws {
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    var logger = Logger(label: name)
    logger.logLevel = Logger.Level(rawValue: logLevel.rawValue) ?? .info
    let configuration = try HostConfiguration(
      lab: LabInput.read(lab), hostName: name, stateDirectory: state, hypervisorURI: hypervisor)
    let agent: HostService
    do {
      agent = try HostService(configuration: configuration, logger: logger)
    } catch let error as CocoaError {
      throw CommandFailure(message: "the folder \(state) can't be used for the agent's state: \(error.localizedDescription)")
    }
    let group = ServiceGroup(
      configuration: .init(services: [agent], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
  }
}
