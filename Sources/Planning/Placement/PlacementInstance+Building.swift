public import Model

extension PlacementInstance {
  /// Resolves what the files say into one problem.
  ///
  /// - Parameters:
  ///   - traffic: the application's, counted over `windowSeconds` (first placement: over a run on speed 1.0, less
  ///     its waits).
  ///   - now: where windows and the deadline count from.
  ///   - objective: instead of the application's.
  ///   - ignoreUnknown: leave out endpoints of the matrix that the application doesn't list.
  public init(
    federation: Federation, application: Application, traffic matrix: TrafficMatrix, windowSeconds: Double,
    now: Timestamp, task: Task, objective: Objective? = nil, ignoreUnknown: Bool = false
  ) throws(PlacementError) {
    try Self.checkFigures(federation)
    try Self.checkFigures(application)
    try PlacementFigures.check(windowSeconds, .window, "the window in seconds", in: PlacementFigures.positive)

    let names = try PlacementNames(federation, application)
    vms = application.vms
    endpoints = application.endpoints
    sites = federation.sites
    hosts = sites.flatMap(\.hosts)
    hostSites = federation.sites.enumerated().flatMap { site, value in value.hosts.map { _ in site } }
    endpointSites = names.endpointSites
    var next = 0
    siteHosts = sites.map { site in
      defer { next += site.hosts.count }
      return next..<next + site.hosts.count
    }
    self.task = task
    self.objective = objective ?? application.objective
    coupling = application.coupling
    slowdownLimit = self.objective == .resources ? application.slowdownLimit : nil
    present = try names.present(for: task)
    between = PlacementSites(federation)

    let read = try PlacementTraffic.read(matrix, window: windowSeconds, names: names, ignoreUnknown: ignoreUnknown)
    self.traffic = read.traffic
    var warnings = read.warnings + PlacementWarning.kept(vms, present, in: sites)

    forecast = RunForecast(
      of: application, traffic: matrix, windowSeconds: windowSeconds, now: now, isRunning: task == .move)
    try PlacementFigures.check(forecast.chosen?.seconds, .application, "the remaining run in seconds")
    remainingSeconds = forecast.chosen?.seconds ?? Self.serviceHorizonSeconds
    isService = forecast.chosen == nil
    warnings += forecast.remarks.map(PlacementWarning.run)
    availability = sites.map { Availability($0, at: now) }
    secondsUntilClosed = availability.map { $0.closes(asOf: 0) }
    secondsUntilOpen = availability.map { $0.opens(after: 0) }
    secondsUntilDeadline = application.deadline.map { now.seconds(until: $0) }
    budget = application.budget

    let work = PlacementWork(
      vms: vms, speeds: present?.map { [hosts] in hosts[$0].speed },
      waits: present.map { [between, hostSites, endpointSites, coupling, traffic = self.traffic] in
        let geometry = PlacementGeometry(between, hostSites: hostSites, endpointSites: endpointSites)
        let waits = geometry.waits(of: $0, traffic)
        let shares = geometry.linkShares(of: $0, traffic, coupling)
        return waits.indices.map { waits[$0] + shares[$0] }
      }, factor: application.waitFactor ?? 1)
    waitFactor = application.waitFactor ?? 1
    (presentWaits, waitFactors, compute, idle) = (work.presentWaits, work.factors, work.compute, work.idle)
    let full = vms.indices.filter { [presentWaits, waitFactor] in presentWaits[$0] >= 1 && waitFactor >= 1 }
    if let least = full.map({ [presentWaits] in presentWaits[$0] }).min(),
      let most = full.map({ [presentWaits] in presentWaits[$0] }).max()
    {
      warnings.append(.neverCompute(vms: full.map { [vms] in vms[$0].name }, of: vms.count, waiting: least...most))
    }
    self.warnings = warnings
    prices = vms.flatMap { [sites] vm in sites.map { $0.price.perHour(of: vm) } }

    rooms = sites.flatMap { site in site.hosts.map(site.room) }
    guests = vms.indices.map { [vms, hosts, present] vm in Guest(vms[vm], on: present.map { hosts[$0[vm]] }) }
    compatibility = Compatibility(federation.cpuModels)

    let resolved = try PlacementConstraints(application.constraints, names, sites)
    allowed = resolved.allowed
    together = resolved.together
    apart = resolved.apart
    spreads = resolved.spreads
    (ownConstraints, constraints) = ([], [])
    vmsByName = vms.indices.sorted { [vms] in vms[$0].name < vms[$1].name }
    hostRanks = hosts.indices.sorted { [hosts] in hosts[$0].name < hosts[$1].name }.inverted()
    ownConstraints = resolved.own
    constraints = PlacementConstraints.all(of: self)
  }
}

extension [Int] {
  /// Of a permutation of the indices: the place of each.
  func inverted() -> [Int] {
    var places = self
    for (place, element) in enumerated() { places[element] = place }
    return places
  }
}

extension Timestamp {
  /// Exact in nanoseconds before it is rounded to a `Double`.
  package func seconds(until other: Timestamp) -> Double {
    let (difference, overflow) = other.nanoseconds.subtractingReportingOverflow(nanoseconds)
    return overflow ? other.seconds - seconds : Double(difference) / 1e9
  }
}
