import Model

/// The application's own constraints, resolved to indexes, and what they mean for each VM.
struct PlacementConstraints {
  private(set) var allowed: [Bool]
  private(set) var together: [[Int]] = []
  private(set) var apart: [[Int]] = []
  private(set) var spreads: [Spread] = []
  private(set) var own: [any PlacementConstraint] = []

  init(_ constraints: [Constraint], _ names: PlacementNames, _ places: [Site]) throws(PlacementError) {
    allowed = [Bool](repeating: true, count: names.vmCount * names.siteCount)
    for (index, constraint) in constraints.enumerated() {
      let context = "constraint \(index + 1)"
      switch constraint {
      case .pin(let vm, let sites):
        let (vm, sites) = (try names.vm(vm, context: context), try Self.sites(sites, names, context))
        for site in 0..<names.siteCount where !sites.contains(site) { allowed[vm * names.siteCount + site] = false }
        own.append(Pin(vm: vm, sites: sites))
      case .ban(let vm, let sites):
        let (vm, sites) = (try names.vm(vm, context: context), try Self.sites(sites, names, context))
        for site in sites { allowed[vm * names.siteCount + site] = false }
        own.append(Ban(vm: vm, sites: sites))
      case .together(let vms):
        together.append(try Self.vms(vms, names, context))
        own.append(Together(vms: together[together.count - 1]))
      case .apart(let vms):
        apart.append(try Self.vms(vms, names, context))
        own.append(Apart(vms: apart[apart.count - 1]))
      case .spread(let vms, let most):
        spreads.append(Spread(vms: try Self.vms(vms, names, context), most: most))
        own.append(spreads[spreads.count - 1])
      case .residency(let vms, let jurisdictions):
        let residency = Residency(vms: try Self.vms(vms, names, context), jurisdictions: jurisdictions)
        for site in places.indices where !residency.allows(places[site]) {
          for vm in residency.vms { allowed[vm * names.siteCount + site] = false }
        }
        own.append(residency)
      }
    }
  }

  /// In the order of the files, each VM once.
  private static func vms(_ list: [String], _ names: PlacementNames, _ context: String) throws(PlacementError) -> [Int]
  {
    var vms: [Int] = []
    var seen = Set<Int>()
    for name in list {
      let vm = try names.vm(name, context: context)
      if seen.insert(vm).inserted { vms.append(vm) }
    }
    return vms
  }

  private static func sites(
    _ list: [String], _ names: PlacementNames, _ context: String
  ) throws(PlacementError) -> [Int] {
    var sites: [Int] = []
    for name in list { sites.append(try names.site(name, context: context)) }
    return sites
  }

  /// The catalogue: the application's own constraints first, then what the sites and the run limit.
  static func all(of instance: PlacementInstance) -> [any PlacementConstraint] {
    var all = instance.ownConstraints
    all += instance.hosts.indices.map(HostCapacity.init)
    all += instance.hosts.indices.filter { instance.hasHeadroom(at: $0) }.map(Headroom.init)
    all += instance.hosts.indices.filter { instance.isDrained($0) }.map(Drained.init)
    all += instance.sites.indices.map(SiteQuota.init)
    all += instance.secondsUntilClosed.enumerated().compactMap { site, closes in
      closes.map { Window(site: site, closes: $0, opens: instance.secondsUntilOpen[site]) }
    }
    if let limit = instance.secondsUntilDeadline { all.append(Deadline(limit: limit)) }
    if let budget = instance.budget { all.append(Budget(limit: budget)) }
    if let slowdownLimit = instance.slowdownLimit { all.append(SlowdownLimit(limit: 1 + slowdownLimit)) }
    all.append(Compatible())
    all.append(Movable())
    return all
  }
}
