import API
import ArgumentParser
import Controller
import Documents
import Logging
import Model
import ServiceLifecycle
import Trust
import UnixSignals

struct ControllerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "controller",
    abstract: "Runs the controller: takes hosts' reports, decides what should move, and has it moved.",
    discussion: """
      One leads a federation. Hosts dial it (transhumance host --collector); \
      operators' commands talk to its Unix socket. SIGTERM ends it; hosts \
      keep their reports until it is back.

      With --cert-dir, the folder of an authority (transhumance ca init), \
      hosts are let in by their certificates only, over TLS 1.3; so are \
      operators of other machines. Hosts that have none yet join by a token \
      on a port of its own. Without it hosts speak in clear, it listens on \
      loopback or on the lab's addresses only, and operators use the socket.

      An HTTP API listens on loopback, port 8081, or where --http says: \
      with --cert-dir over TLS, for whoever has a token (transhumance token \
      create --role read); without it for anybody who can connect, and only \
      to look.

      With --database several controllers share a PostgreSQL database: one \
      leads, the others stand by, answer queries on their sockets, and one \
      of them takes its place within seconds when it is gone. Give hosts a \
      --collector for each. A password belongs in a service file or in \
      ~/.pgpass: command lines can be read by everybody.

      Examples:
        transhumance controller --federation federation.yaml \\
          --state /var/lib/transhumance-controller
        transhumance controller --federation federation.yaml \\
          --state /var/lib/transhumance-controller \\
          --database service=transhumance
        transhumance controller --federation federation.yaml \\
          --state /var/lib/transhumance-controller \\
          --cert-dir /etc/transhumance/pki --listen 192.0.2.10 \\
          --http 192.0.2.10
      """)

  @Option(help: ArgumentHelp("Sites, hosts and prices; watched.", valueName: "file"), completion: .file())
  var federation: String
  @Option(help: ArgumentHelp("Folder of all that is kept.", valueName: "folder"), completion: .directory)
  var state: String
  @Option(
    help: ArgumentHelp(
      "PostgreSQL database to be shared, as psql takes it; SQLite in the state folder unless given.",
      valueName: "connection"))
  var database: String?
  @Option(
    help: ArgumentHelp("The authority by which hosts are known; without it all is in clear.", valueName: "folder"),
    completion: .directory)
  var certDir: String?
  @Option(
    help: ArgumentHelp(
      "Where hosts connect, port 8080 unless given; 127.0.0.1 unless given.", valueName: "address:port"),
    transform: ListenAddress.init(reading:))
  var listen = ListenAddress(address: IPAddress(v4: 0x7f00_0001))
  @Option(
    help: ArgumentHelp(
      "Where hosts join, with --cert-dir; the address of --listen and port 8083 unless given.",
      valueName: "address:port"),
    transform: ListenAddress.joining(reading:))
  var joinListen: ListenAddress?
  @Option(
    help: ArgumentHelp(
      "Where the HTTP API listens, port 8081 unless given; 127.0.0.1 unless given, and then the controller does "
        + "without it where that is taken.", valueName: "address:port"),
    transform: HTTPAddress.init(reading:))
  var http: HTTPAddress?
  @Flag(help: "No HTTP API.") var noHttp = false
  @Option(
    help: ArgumentHelp(
      "Socket of operators' commands; controller.sock in the state folder unless given.", valueName: "path"),
    completion: .file())
  var socket: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The least data that a decision stands on; 30 or more.", valueName: "seconds"))
  var window = 30.0
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How periods of that window count, the oldest first, as 1,1,2; the first also for all older ones; all alike "
        + "unless given.", valueName: "weights"),
    transform: WeightList.init(reading:))
  var weights: WeightList?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "By how much a host's clock may differ from this machine's; reports of others are refused.",
      valueName: "seconds"))
  var clockBound = 5.0
  @Option(parsing: .unconditional, help: ArgumentHelp("How long a plan waits for approval.", valueName: "seconds"))
  var planExpiry = 900.0
  @Option(parsing: .unconditional, help: ArgumentHelp("Periods that are kept; all unless given.", valueName: "count"))
  var keep: Int?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Adds older periods up into longer ones, as 5m,1h (after a day, and after twelve) or 5m@12h,1h@30d; all stay as "
        + "they are unless given.", valueName: "lengths"),
    transform: RollUpList.init(reading:))
  var rollup: RollUpList?
  @Option(help: "The least that is logged.")
  var logLevel: HostCommand.Level = .info

  func validate() throws {
    guard window >= 30, window <= 86_400 else {
      throw ValidationError("--window is 30 to 86400 seconds: a decision on less would follow every whim.")
    }
    guard planExpiry > 0, planExpiry <= 1e6 else {
      throw ValidationError("--plan-expiry is a number of seconds above 0, at most 1,000,000.")
    }
    if let database, database.contains(/(?i)password\s*=/) || database.contains(/:\/\/[^\/?]*:[^\/?]*@/) {
      throw ValidationError(
        "--database: a password there could be read by everybody; put it into ~/.pgpass or a service file.")
    }
    guard clockBound >= 0.1, clockBound <= 3600 else {
      throw ValidationError("--clock-bound is 0.1 to 3600 seconds.")
    }
    if let keep, keep < 1 { throw ValidationError("--keep is 1 or more.") }
    guard certDir != nil || joinListen == nil else {
      throw ValidationError("--join-listen: hosts join an authority: name its folder (--cert-dir)")
    }
    if noHttp, http != nil { throw ValidationError("Give --http or --no-http.") }
    if let address = http?.listening, certDir == nil, !address.address.isPlaintextAllowed {
      throw ValidationError(
        "--http \(address): without --cert-dir the API is in clear and asks for no token, so only loopback and the lab's "
          + "addresses (10.99.0.0/16) are allowed")
    }
    guard certDir != nil || listen.address.isPlaintextAllowed else {
      throw ValidationError(
        "--listen \(listen.address): without --cert-dir hosts speak in clear, so only loopback and the lab's addresses "
          + "(10.99.0.0/16) are allowed")
    }
  }

  func run() async throws {
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    var logger = Logger(label: "controller")
    logger.logLevel = Logger.Level(rawValue: logLevel.rawValue) ?? .info
    var configuration = ControllerConfiguration(
      federationPath: federation, stateDirectory: state, address: listen.address, port: listen.port, socketPath: socket)
    configuration.decisions = DecisionSettings(
      windowSeconds: window, weights: weights?.numbers ?? [], expirySeconds: planExpiry)
    configuration.retainedPeriods = keep
    configuration.rollUps = rollup?.lengths ?? []
    configuration.database = database
    configuration.clockBound = clockBound
    configuration.authority = certDir.map(AuthorityFolder.init(path:))
    if let joinListen { (configuration.joinAddress, configuration.joinPort) = (joinListen.address, joinListen.port) }
    var companions: [any ControllerCompanion] = []
    if !noHttp {
      let address = (http ?? .loopback).listening
      configuration.otherAddresses = [address.address]
      companions.append(
        APICompanion(
          APIConfiguration(address: address.address, port: address.port, authority: configuration.authority),
          isOptional: http == nil, logger: logger))
    }
    do {
      let controller = try ControllerService(configuration: configuration, companions: companions, logger: logger)
      try await ServiceGroup(
        configuration: .init(services: [controller], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
      ).run()
    } catch let error as ControllerError {
      throw CommandFailure(message: "\(error)")
    } catch let error as DocumentError {
      throw CommandFailure(message: "\(federation) can't be used\n\(error)")
    }
  }
}
