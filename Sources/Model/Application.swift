/// A distributed application: its VMs, what is wanted of their placement, and what it still has to do.
public struct Application: Hashable, Sendable {
  /// For people.
  public var name: String
  /// What placements are compared by.
  public var objective: Objective
  /// Whose run time counts.
  public var coupling: Coupling
  /// Run time left at the present placement (first placement: on speed 1.0, never waiting), as stated. Nil, and no
  /// `run`: a service, which has no end.
  public var remainingHours: Double?
  /// What else tells when it ends; nil: nothing.
  public var run: Run?
  /// What a wait counts of what the formula of κ says, 0 … 1, as moves have shown; nil: all, or what a loop has learnt.
  public var waitFactor: Double?
  /// When the run has to have ended; nil: whenever.
  public var deadline: Timestamp?
  /// In the prices' currency.
  public var budget: Double?
  /// Share of the objective that a plan must save.
  public var minimumGain: Double
  /// How much slower the objective `resources` may make the application: σ ≤ 1 + this.
  public var slowdownLimit: Double
  /// At least one; all with a host or none.
  public var vms: [VM]
  /// Traffic with what is no VM and cannot move.
  public var endpoints: [FixedEndpoint]
  /// What every placement must respect, in the order of the file.
  public var constraints: [Constraint]
  /// What the control loop does with plans.
  public var mode: Mode
  /// Who is asked and told; nil: nobody in particular.
  public var owner: String?

  /// Defaults are those of `application.yaml`.
  public init(
    name: String, objective: Objective = .cost, coupling: Coupling = .coupled, remainingHours: Double? = nil,
    run: Run? = nil, waitFactor: Double? = nil, deadline: Timestamp? = nil, budget: Double? = nil,
    minimumGain: Double = 0.05, slowdownLimit: Double = 0.05, vms: [VM], endpoints: [FixedEndpoint] = [],
    constraints: [Constraint] = [], mode: Mode = .advise, owner: String? = nil
  ) {
    self.name = name
    self.objective = objective
    self.coupling = coupling
    self.remainingHours = remainingHours
    self.run = run
    self.waitFactor = waitFactor
    self.deadline = deadline
    self.budget = budget
    self.minimumGain = minimumGain
    self.slowdownLimit = slowdownLimit
    self.vms = vms
    self.endpoints = endpoints
    self.constraints = constraints
    self.mode = mode
    self.owner = owner
  }
}

/// What a placement is to be best in.
public enum Objective: String, CaseIterable, Hashable, Sendable {
  /// Least cost.
  case cost
  /// Least execution time, then cost.
  case time
  /// Least power of the hosts in use within the slowdown limit, then cost.
  case resources
}

/// How the run times of VMs make up that of the application.
public enum Coupling: String, CaseIterable, Hashable, Sendable {
  /// The slowest VM sets the pace of all.
  case coupled
  /// Each VM goes at its own pace; their mean counts.
  case independent
}

/// What the control loop does with a plan.
public enum Mode: String, CaseIterable, Hashable, Sendable { case advise, approve, automatic }

/// A virtual machine of an application.
public struct VM: Hashable, Sendable {
  /// Unique among VMs and endpoints.
  public var name: String
  /// By which a traffic matrix may name it, beside its name.
  public var addresses: [IPAddress]
  /// Of its host's, taken whole or in part.
  public var vcpus: Double
  /// In 2³⁰ bytes.
  public var memoryGiB: Double
  /// Share of the window in which it computed: 0 … 1.
  public var cpu: Double
  /// Rate at which it writes to its memory, MiB (2²⁰ bytes) per second.
  public var dirtyMiBps: Double
  /// Those that it writes to or that move with it.
  public var disks: [Disk]
  /// Host by name; nil: not placed yet.
  public var host: String?
  /// The guest's CPU model; nil: that of the host where it runs.
  public var cpuModel: String?
  /// Who else moves it, as Nova or Pacemaker; nil: nobody. Then it is planned around, not moved.
  public var managedBy: String?
  /// Domain description (libvirt XML) from which it is started; used where plans are carried out.
  public var template: String?
  /// Why it can't be moved from its host, whatever a move would gain; nil: it can. No document says so, the loop does.
  public var staysBecause: String?

  /// Defaults are those of `application.yaml`.
  public init(
    name: String, addresses: [IPAddress] = [], vcpus: Double = 1, memoryGiB: Double = 0, cpu: Double = 1,
    dirtyMiBps: Double = 0, disks: [Disk] = [], host: String? = nil, template: String? = nil, cpuModel: String? = nil,
    managedBy: String? = nil
  ) {
    self.name = name
    self.addresses = addresses
    self.vcpus = vcpus
    self.memoryGiB = memoryGiB
    self.cpu = cpu
    self.dirtyMiBps = dirtyMiBps
    self.disks = disks
    self.host = host
    self.template = template
    self.cpuModel = cpuModel
    self.managedBy = managedBy
  }
}

/// A virtual disk; one that isn't shared moves with its VM.
public struct Disk: Hashable, Sendable {
  /// Size, in 2³⁰ bytes.
  public var gib: Double
  /// What has to be copied when it moves, in 2³⁰ bytes.
  public var usedGiB: Double
  /// MiB (2²⁰ bytes) per second.
  public var writeMiBps: Double
  /// Whether every host reaches it where it is: then it isn't copied.
  public var shared: Bool

  /// - Parameter usedGiB: all of it unless given.
  public init(gib: Double, usedGiB: Double? = nil, writeMiBps: Double = 0, shared: Bool = false) {
    self.gib = gib
    self.usedGiB = usedGiB ?? gib
    self.writeMiBps = writeMiBps
    self.shared = shared
  }
}

/// A file server, an external user: traffic partner that no plan can move. Counts as a host of its own at its site.
public struct FixedEndpoint: Hashable, Sendable {
  /// Unique among VMs and endpoints.
  public var name: String
  /// By which a traffic matrix may name it, beside its name.
  public var addresses: [IPAddress]
  /// Where it is, by name; the site may be without hosts.
  public var site: String

  /// - Parameter site: by name.
  public init(name: String, addresses: [IPAddress] = [], site: String) {
    self.name = name
    self.addresses = addresses
    self.site = site
  }
}

/// What a placement must respect, named as an operator says it.
public enum Constraint: Hashable, Sendable {
  /// The VM stays on one of these sites.
  case pin(vm: String, sites: [String])
  /// The VM is never on any of these sites.
  case ban(vm: String, sites: [String])
  /// All on one site.
  case together([String])
  /// Each on a host of its own.
  case apart([String])
  /// No more than so many of them on any one site.
  case spread([String], maximumPerSite: Int)
  /// The VMs stay on sites that are under one of these jurisdictions.
  case residency([String], jurisdictions: [String])
}
