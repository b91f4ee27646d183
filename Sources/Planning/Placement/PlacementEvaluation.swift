import Model

/// Every term of one placement, by the formulas of docs/planning.md, and every constraint that it breaks.
///
/// Straightforward on purpose: what `--explain` prints, and the judge of what a search keeps by differences.
public struct PlacementEvaluation: Sendable {
  /// Host of each VM.
  public let placement: [Int]
  /// σ_i with its parts.
  public let slowdowns: [Slowdown]
  /// σ: the largest of a coupled application, the mean of an independent one.
  public let slowdown: Double
  /// T = R·σ.
  public let seconds: Double
  /// Bytes per second and load of each ordered pair of sites that the application's traffic crosses.
  public let loads: [SiteLoad]
  /// The VMs that leave their hosts, in their order.
  public let moves: [Move]
  /// Per VM, over T (a service: over R).
  public let hosting: [Double]
  public let egress: [SiteEgress]
  /// Watts of the hosts in use.
  public let watts: Double
  /// What is used of each host and of each site.
  public let hostUse: [Use]
  public let siteUse: [Use]
  public let cost: Cost
  /// What the placement breaks; empty where it is feasible.
  public private(set) var violations: [PlacementViolation] = []

  public var isFeasible: Bool { violations.isEmpty }
  public var downtimeSeconds: Double { moves.reduce(0) { $0 + $1.downtimeSeconds } }
  /// `after.seconds`: T and the moves' downtimes.
  public var totalSeconds: Double { seconds + downtimeSeconds }
  /// When the run ends, seconds from now, as windows count: after T (a service: R) and the moves' downtimes.
  public let endSeconds: Double

  /// - Parameter placement: a host of `instance` for each of its VMs.
  public init(of placement: [Int], in instance: PlacementInstance) {
    let geometry = PlacementGeometry(instance)
    self.placement = placement
    slowdowns = Slowdown.all(of: placement, in: instance, geometry)
    let values = slowdowns.map(\.total)
    slowdown =
      instance.coupling == .coupled ? values.max() ?? 0 : values.reduce(0, +) / Double(max(1, values.count))
    seconds = instance.remainingSeconds * slowdown
    let charged = instance.isService ? instance.remainingSeconds : seconds
    let crossing = geometry.crossing(of: placement, instance.traffic)
    loads = SiteLoad.all(crossing, geometry)
    egress = SiteEgress.all(crossing, in: instance)
    moves = Move.all(of: placement, in: instance)
    hosting = placement.indices.map {
      instance.price(of: $0, at: instance.site(of: $0, in: placement)) * charged / 3600
    }
    hostUse = Use.all(of: placement, in: instance, count: instance.hosts.count) { $0 }
    siteUse = Use.all(of: placement, in: instance, count: instance.sites.count) { instance.hostSites[$0] }
    watts = zip(instance.hosts, hostUse).reduce(0) { $0 + ($1.1.vms > 0 ? $1.0.watts : 0) }
    cost = Cost(
      hosting: hosting.reduce(0, +), egress: egress.reduce(0) { $0 + $1.cost },
      migration: moves.reduce(0) { $0 + $1.egressCost + $1.hostingCost })
    chargedSeconds = charged
    endSeconds = charged + moves.reduce(0) { $0 + $1.downtimeSeconds }
    violations = instance.constraints.flatMap { $0.violations(of: self, in: instance) }
  }

  /// The time that hosting and vCPU-hours count: T, of a service R.
  let chargedSeconds: Double

  /// σ_i and its parts, each as a share of the present run time.
  public struct Slowdown: Hashable, Sendable {
    /// comp·g(p0)/g(p).
    public let compute: Double
    public let idle: Double
    /// Seconds per second of waiting for messages to cross, and of the busiest link; both before κ.
    public let wait: Double
    public let link: Double
    /// κ.
    public let waitFactor: Double

    public var total: Double { compute + idle + waitFactor * (wait + link) }
  }

  /// Traffic from one site to another.
  public struct SiteLoad: Hashable, Sendable {
    public let from: Int
    public let to: Int
    public let bytesPerSecond: Double
    /// Share of the link's bandwidth, headers included; 0 where that is unlimited.
    public let load: Double
  }

  /// What crosses from one site to another in the remaining run, and its price.
  public struct SiteEgress: Hashable, Sendable {
    public let from: Int
    public let to: Int
    public let bytes: Double
    public let cost: Double
  }

  /// One VM that leaves its host.
  public struct Move: Sendable {
    public let vm: Int
    public let from: Int
    public let to: Int
    public let migration: Result<Migration, Migration.Obstacle>
    /// Price of the bytes that leave the site, and of the old place while the move lasts; 0 where it can't be.
    public let egressCost: Double
    public let hostingCost: Double

    public var downtimeSeconds: Double { (try? migration.get().downtimeSeconds) ?? 0 }
  }

  public struct Cost: Hashable, Sendable {
    public let hosting: Double
    public let egress: Double
    public let migration: Double
    public var total: Double { hosting + egress + migration }
  }

  /// VMs on a host or a site, and what they take.
  public struct Use: Hashable, Sendable {
    public var vms = 0
    public var vcpus = 0.0
    public var memoryGiB = 0.0
  }
}
