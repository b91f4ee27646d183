public import Model

/// A placement problem in the form that evaluation and search work on: names resolved to indexes, traffic per second,
/// flat arrays.
///
/// VMs, hosts and sites are numbered as the files list them (hosts through the sites in turn). A placement is one host
/// index per VM. Symbols (R, u, κ, comp, idle) are those of docs/planning.md.
public struct PlacementInstance: Sendable {
  /// What is planned.
  public enum Task: String, Hashable, Sendable {
    /// Moves, from the hosts where all VMs are.
    case move
    /// A first placement of VMs that have no host.
    case place
  }

  public internal(set) var task: Task
  public internal(set) var objective: Objective
  public let coupling: Coupling
  /// Nil: σ has no limit (only the objective `resources` has one).
  public let slowdownLimit: Double?
  public let vms: [VM]
  public let hosts: [Host]
  public internal(set) var sites: [Site]
  public let endpoints: [FixedEndpoint]
  /// Site of each host, and of each fixed endpoint.
  public let hostSites: [Int]
  public let endpointSites: [Int]
  /// Hosts of each site.
  public let siteHosts: [Range<Int>]
  /// Host of each VM now; nil for a first placement.
  public internal(set) var present: [Int]?
  public let between: PlacementSites
  public let traffic: PlacementTraffic

  /// R, seconds; of a service the horizon over which it is judged.
  public internal(set) var remainingSeconds: Double
  /// Where R is from, and how far it may be off.
  public let forecast: RunForecast
  /// No end: hosting, vCPU-hours and windows count R, not T.
  public let isService: Bool
  /// Seconds from now until each site closes; nil: never.
  public internal(set) var secondsUntilClosed: [Double?]
  /// Seconds from now until each site opens again; nil: no more.
  public internal(set) var secondsUntilOpen: [Double?]
  let availability: [Availability]
  public internal(set) var secondsUntilDeadline: Double?
  public internal(set) var budget: Double?

  /// u: seconds that each VM waits per second of the present run (first placement: 0).
  public let presentWaits: [Double]
  /// κ: what a wait counts. 1 unless u > 1, or moves have shown less.
  public let waitFactors: [Double]
  /// What moves have shown of it: κ is that share of what its formula says. A first placement takes all.
  public let waitFactor: Double
  /// comp·g(p0): share of the time each VM computes, on speed 1.0.
  public let compute: [Double]
  public let idle: [Double]
  /// Price per hour of each VM at each site: entry `vm · sites + site`.
  public let prices: [Double]

  /// What may be filled of each host.
  public let rooms: [Room]
  var guests: [Guest]
  let compatibility: Compatibility

  /// Pairs of VM and site that pins, bans and residency allow: entry `vm · sites + site`.
  public let allowed: [Bool]
  /// The application's own, then everything that a placement must respect.
  var ownConstraints: [any PlacementConstraint]
  var constraints: [any PlacementConstraint]
  public let together: [[Int]]
  public let apart: [[Int]]
  let spreads: [Spread]
  public let warnings: [PlacementWarning]

  /// VMs in the order of their names; each host's rank in the order of theirs.
  let vmsByName: [Int]
  let hostRanks: [Int]

  /// A service is judged over 24 hours.
  public static let serviceHorizonSeconds = 86_400.0

  /// Price per hour of a VM at a site.
  public func price(of vm: Int, at site: Int) -> Double { prices[vm * sites.count + site] }

  /// Whether all VMs are to leave a host.
  public func isDrained(_ host: Int) -> Bool { hosts[host].isDrained || sites[hostSites[host]].isDrained }

  func hasHeadroom(at host: Int) -> Bool { hosts[host].headroom ?? sites[hostSites[host]].headroom > 0 }

  public func site(of vm: Int, in placement: [Int]) -> Int { hostSites[placement[vm]] }

  /// Moving `vm` from its present host: nil where it stays there or has none.
  public func migration(of vm: Int, to host: Int) -> Result<Migration, Migration.Obstacle>? {
    guard let from = present?[vm], from != host else { return nil }
    let bandwidth = between.moveBandwidth[between.index(from: hostSites[from], to: hostSites[host])]
    return Result { () throws(Migration.Obstacle) in try Migration(of: vms[vm], bandwidth: bandwidth) }
  }
}
