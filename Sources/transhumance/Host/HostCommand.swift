import Agent
import ArgumentParser
import Documents
import Foundation
import Logging
import ServiceLifecycle
import Trust
import UnixSignals

struct HostCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs the agent of a host: programs its network, owns the moves of its VMs.",
    discussion: """
      One agent per physical host, as root. It listens on port 8082 of the \
      host's underlay address for the agents of the other hosts, and on a \
      Unix socket in the state folder for the operator's commands. SIGTERM \
      ends it; VMs and their network stay as they are, and the next start \
      goes on from the journal.

      With --collector it also counts who talks to whom at the VMs' taps, \
      reports that to the controller each period (reports are kept on disk \
      until the controller has them), and carries out its commands.

      With --cert-dir, or --cert, --key and --cacert, it speaks TLS 1.3 with \
      the controller and with the other agents, and knows them by their \
      certificates; VMs move encrypted then: libvirt's and QEMU's \
      certificates are installed in /etc/pki from these, unless others are \
      there.

      Examples:
        transhumance host --name a1 --lab lab.yaml --state /var/lib/transhumance
        transhumance host --name a1 --lab lab.yaml \\
          --state /var/lib/transhumance --collector 192.0.2.10 \\
          --cert-dir /etc/transhumance/pki
      """)

  @Option(help: ArgumentHelp("This host, by its name in the lab file.", valueName: "host")) var name: String
  @Option(help: ArgumentHelp("The hosts, networks and VMs.", valueName: "file"), completion: .file()) var lab: String
  @Option(help: ArgumentHelp("Folder of the journal and the socket.", valueName: "folder"), completion: .directory)
  var state: String
  @Option(help: ArgumentHelp("The local hypervisor.", valueName: "uri")) var hypervisor = "qemu:///system"
  @Option(
    help: ArgumentHelp(
      "The controller; port 8080 unless given. Of several that share a database each once.",
      valueName: "address[:port]"),
    transform: ListenAddress.init(reading:))
  var collector: [ListenAddress] = []
  @Option(
    help: ArgumentHelp(
      "This host's credentials, as transhumance host join has left them; renewed in time.", valueName: "folder"),
    completion: .directory)
  var certDir: String?
  @Option(
    help: ArgumentHelp(
      "Instead: this host's certificate (transhumance ca issue host NAME); with --key and --cacert.",
      valueName: "file"),
    completion: .file())
  var cert: String?
  @Option(help: ArgumentHelp("The certificate's key.", valueName: "file"), completion: .file())
  var key: String?
  @Option(
    help: ArgumentHelp("The authority's certificate, by which the controller is known.", valueName: "file"),
    completion: .file())
  var cacert: String?
  @Option(
    parsing: .unconditional, help: ArgumentHelp("How long packets are counted for a report.", valueName: "time"))
  var period = TimeSpan(seconds: 30)
  @OptionGroup var sensing: SensingOptions
  @Option(help: "The least that is logged.")
  var logLevel: Level = .info

  enum Level: String, CaseIterable, ExpressibleByArgument {
    case trace, debug, info, notice, warning, error, critical
  }

  func validate() throws {
    guard !collector.isEmpty || sensing.isEmpty else {
      throw ValidationError("--interface, --mac and --file-server say what is reported to a --collector")
    }
    guard HostConfiguration.periods.contains(period.nanoseconds) else {
      throw ValidationError("--period \(period): from 1s to 1h")
    }
    guard [cert, key, cacert].allSatisfy({ $0 == nil }) || [cert, key, cacert].allSatisfy({ $0 != nil }) else {
      throw ValidationError("--cert, --key and --cacert belong together: TLS takes all three")
    }
    guard certDir == nil || cert == nil else {
      throw ValidationError("--cert-dir and --cert are two ways to name one certificate: give one")
    }
    guard certDir == nil || !collector.isEmpty else {
      throw ValidationError("--cert-dir says how a --collector knows this host")
    }
    guard cert != nil || certDir != nil || collector.allSatisfy(\.address.isPlaintextAllowed) else {
      throw ValidationError(
        "--collector: without --cert-dir hosts speak in clear, so only loopback and the lab's addresses (10.99.0.0/16) "
          + "are allowed")
    }
  }

  func run() async throws {
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    var logger = Logger(label: name)
    logger.logLevel = Logger.Level(rawValue: logLevel.rawValue) ?? .info
    var configuration: HostConfiguration
    do {
      configuration = try HostConfiguration(
        lab: LabInput.read(lab), hostName: name, stateDirectory: state, hypervisorURI: hypervisor)
    } catch let error as HostConfigurationError {
      throw CommandFailure(message: "\(lab): \(error)")
    }
    configuration.controllers = collector.map { .init(address: $0.address, port: $0.port) }
    if let cert, let key, let cacert {
      configuration.credentials = CredentialFiles(certificate: cert, key: key, authority: cacert)
    } else {
      configuration.credentials = certDir.map(CredentialFiles.folder)
    }
    // Other hypervisors' certificates are their own affair.
    if configuration.credentials != nil, hypervisor == "qemu:///system" {
      configuration.hypervisorCertificates = MigrationCertificates.usualFolder
    }
    configuration.periodNanoseconds = period.nanoseconds
    configuration.fixedEndpoints = sensing.fixedEndpoints
    configuration.otherTaps = try sensing.taps(mustExist: false)
    let agent: HostService
    do {
      agent = try HostService(configuration: configuration, logger: logger)
    } catch let error as TrustError {
      throw CommandFailure(message: "\(error)")
    } catch let error as CocoaError {
      throw CommandFailure(
        message: "the folder \(state) can't be used for the agent's state: \(error.localizedDescription)")
    }
    let group = ServiceGroup(
      configuration: .init(services: [agent], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    do {
      try await group.run()
    } catch let error as ListenProblem {
      throw CommandFailure(message: "\(error)")
    }
  }
}
