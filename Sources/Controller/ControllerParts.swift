internal import Linux
internal import Logging
internal import Model
internal import Storage

/// What a controller is made of while it leads.
struct ControllerParts: Sendable {
  let registry: HostRegistry
  let collector: Collector
  let decider: Decider

  /// With what an earlier controller has kept in the store.
  ///
  /// - Throws: `StoreError`
  init(
    federation: Federation, store: any Store, rank: any LeaderRank, configuration: ControllerConfiguration,
    logger: Logger
  ) async throws {
    let registry = HostRegistry(
      hosts: federation.hostNames, now: { .now }, clockBound: configuration.clockBound, rank: rank)
    let collector = Collector(
      store: store, configuration: Collector.Configuration(configuration), logger: logger,
      liveHosts: { await registry.hosts(heardWithin: $0) })
    decider = Decider(
      federation: federation, hosts: RegistryControl(registry: registry), store: store,
      held: { await collector.held }, settings: configuration.decisions, logger: logger, now: { .now })
    self.registry = registry
    self.collector = collector
    await collector.tell(ofDamage: { [events = decider.events] in events.add(.period, $0, level: .error) })
    try await collector.load()
    try await decider.load()
  }
}

extension Collector.Configuration {
  init(_ configuration: ControllerConfiguration, isFollowing: Bool = false) {
    self.init()
    // What is amended is read from the store.
    heldPeriods = min(heldPeriods, configuration.retainedPeriods ?? .max)
    heldWithSilent = min(heldWithSilent, configuration.retainedPeriods ?? .max)
    rollUps = configuration.rollUps
    self.isFollowing = isFollowing
  }
}

extension Federation {
  var hostNames: Set<String> { Set(sites.flatMap(\.hosts).map(\.name)) }
}
