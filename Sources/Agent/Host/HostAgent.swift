internal import Libvirt
internal import Linux
internal import Logging
internal import Model
internal import Moves

/// The state of a host's agent: where every VM is, what goes on at this host, and the kernel's fabric, which follows from both.
///
/// One actor, so that an epoch is raised, the kernel programmed and a peer answered in one order. Whatever waits for
/// others (peers, the hypervisor) happens outside and comes back with its result.
package actor HostAgent {
  nonisolated let configuration: HostConfiguration
  nonisolated let logger: Logger
  nonisolated let hypervisor: LocalHypervisor
  nonisolated let heard: HeardEpoch
  /// By host name.
  nonisolated let peers: [String: PeerConnection]
  /// Nil: all is in clear.
  nonisolated let trust: HostTrust?
  /// Nil: migrations are in clear, or whoever runs the hypervisor sees to its certificates.
  nonisolated let migration: MigrationTLS?

  var map: FabricMap
  var phases = LocalPhases()
  var contacts: [String: Contact] = [:]
  var domains: [String: DomainSnapshot] = [:]
  /// That other managers run here without libvirt, by name.
  var foreignVMs: [ForeignVM] = []
  var reservations: [String: HeldReservation] = [:]
  /// What VMs need that are being started; peers are told of them.
  var starting: [String: StartPlan] = [:]
  var moves = MoveBook()
  /// Of VMs that have just come.
  var lingering: [String: FrameClock] = [:]
  /// Hosts from which VMs have come, by VM: their agents may have to see to the end of it.
  var origins: [String: String] = [:]
  let journal: Journal<JournalRecord>
  let fabric: FabricProgram
  var hasRecovered = false
  /// Why nothing begins at this host; nil: it isn't held.
  var held: HostHold?
  let holdFile: HoldFile
  /// Nil: nothing is sensed.
  var sensor: Sensor?
  var sensed: SensedView?
  var processorTimes = ProcessorTimes()
  private let saved: SavedMap

  init(
    configuration: HostConfiguration, kernel: any FabricKernel, journal: Journal<JournalRecord>, trust: HostTrust?,
    logger: Logger
  ) throws {
    self.journal = journal
    self.trust = trust
    migration = trust == nil ? nil : configuration.hypervisorCertificates.map {
      MigrationTLS(folder: $0, host: configuration.host, logger: logger)
    }
    self.configuration = configuration
    self.logger = logger
    hypervisor = LocalHypervisor(uri: configuration.hypervisorURI, logger: logger)
    heard = HeardEpoch(folder: configuration.stateDirectory, logger: logger)
    peers = Dictionary(
      uniqueKeysWithValues: try configuration.peers.map {
        ($0.name, try PeerConnection($0, port: configuration.port, trust: trust?.peers))
      })
    fabric = FabricProgram(kernel: kernel, logger: logger)
    saved = SavedMap(path: configuration.stateDirectory + "/map.json")
    holdFile = HoldFile(folder: configuration.stateDirectory)
    held = holdFile.load(now: .now)
    if let held { logger.notice("\(held.words(of: configuration.host.name))") }
    // What was known before this start is newer than the file's epochs.
    map = FabricMap(
      configuration.guests.map { guest in
        FabricEntry(
          vm: guest.name,
          interfaces: guest.interfaces.map { .init(network: $0.network, mac: $0.mac, addresses: $0.addresses) },
          host: guest.host)
      })
    map.merge(FabricMap(saved.load()))
  }

  /// Host name of this agent.
  nonisolated var name: String { configuration.host.name }

  // MARK: - The fabric

  /// Makes the kernel what map and phases say; what fails is logged and tried again by the next reconciliation.
  func program() {
    fabric.program(wanted)
    watch()
  }

  /// Reads the kernel anew and mends what others changed.
  func reconcile() {
    fabric.reconcile(wanted)
    watch()
  }

  private var wanted: WantedFabric {
    var underlay = [name: configuration.host.address]
    for peer in configuration.peers { underlay[peer.name] = peer.address }
    return WantedFabric(host: name, underlay: underlay, networks: configuration.networks, map: map, phases: phases)
  }

  // MARK: - The map

  /// Takes over what a peer has sent.
  ///
  /// - Parameter peer: where hosts have certificates, the host by its own.
  /// - Returns: entries that aren't for that host to say; the hosts that they name are asked.
  @discardableResult
  func merge(_ entries: [FabricEntry], from peer: String) -> [FabricEntry] {
    let (said, hearsay) = trust == nil ? (entries, []) : map.judge(entries, from: peer, at: name, isOwn: isOwn)
    for entry in hearsay {
      logger.debug("\(peer) says that \(entry.vm) is at \(entry.host), which is to say so itself")
      if entry.host != name {
        contacts[entry.host]?.needsExchange = true
      } else if !hasRecovered || reservations[entry.vm] != nil {
        // Whether it runs here isn't known yet, or its source may fall silent.
        contacts[peer]?.needsExchange = true
      }
    }
    take(said, from: peer)
    return hearsay
  }

  /// Whether a VM is this host's whoever says so. One on a move is its source's to name, while that is heard.
  private func isOwn(_ vm: String) -> Bool {
    let runs = domains[vm]?.state.isActive == true
    if let held = reservations[vm] { return runs && contacts[held.move.request.from]?.silence != nil }
    return !moves.isActive(vm) && (runs || map[vm]?.host == name)
  }

  private func take(_ entries: [FabricEntry], from peer: String) {
    let (plausible, refused) = map.screen(entries)
    for entry in refused {
      logger.error("refused epoch \(entry.epoch) of \(entry.vm), too far ahead", metadata: ["peer": "\(peer)"])
    }
    let taken = map.merge(plausible)
    guard !taken.isEmpty else { return }
    program()
    for entry in taken {
      if let move = moves.active(entry.vm) { feed(move, .named(entry)) }
    }
    for entry in taken where reservations[entry.vm] != nil {
      Task { await feed(incoming: entry.vm, .named(entry)) }
    }
    keep()
    for entry in taken {
      logger.info("\(entry.vm) is at \(entry.host) as of epoch \(entry.epoch)", metadata: ["peer": "\(peer)"])
    }
  }

  /// Writes the map down, so that a restart doesn't fall back behind its own epochs.
  func keep() {
    do { try saved.save(map.sorted) } catch { logger.error("the map can't be saved: \(error)") }
  }
}

/// How a peer is getting on.
struct Contact {
  /// Nil: its agent answers.
  var silence: String? = "not heard of yet"
  /// The next contact exchanges whole maps.
  var needsExchange = true
  var lastExchange: ContinuousClock.Instant?
}
