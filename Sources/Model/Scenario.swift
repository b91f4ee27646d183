/// What `transhumance simulate` plays: sites, the applications that come, change and go, and what happens meanwhile.
///
/// One scenario stands for many runs: a seed decides who talks to whom, and by how much figures differ from those
/// given.
public struct Scenario: Hashable, Sendable {
  /// The instant at which it begins.
  public var start: Timestamp
  /// How long services run, and what happens to sites. Runs that have work left then go on until it is done.
  public var hours: Double
  /// Every so many seconds policies are asked.
  public var decideSeconds: Double
  /// Figures differ with the seed by up to this share.
  public var jitter: Double
  /// Share of moves that fail at their end.
  public var moveFailures: Double
  /// As it is at the start.
  public var federation: Federation
  /// In the order of the file.
  public var applications: [Pattern]
  /// In the order of the file.
  public var events: [Event]

  public init(
    start: Timestamp, hours: Double, decideSeconds: Double = 60, jitter: Double = 0.1, moveFailures: Double = 0,
    federation: Federation, applications: [Pattern], events: [Event] = []
  ) {
    self.start = start
    self.hours = hours
    self.decideSeconds = decideSeconds
    self.jitter = jitter
    self.moveFailures = moveFailures
    self.federation = federation
    self.applications = applications
    self.events = events
  }
}

extension Scenario {
  /// Applications of one kind.
  public struct Pattern: Hashable, Sendable {
    /// With `count` above 1, `-1`, `-2` … follow it.
    public var name: String
    public var count: Int
    public var arrivesAtHours: Double
    /// Each next one comes so much later.
    public var everyHours: Double
    public var objective: Objective
    public var coupling: Coupling
    public var minimumGain: Double
    /// On speed 1.0, never waiting; nil: a service.
    public var workHours: Double?
    /// How long a service runs; nil: until the scenario ends.
    public var lastsHours: Double?
    /// Work is saved each time so much has been done; what a site takes with it is done again from there. Nil: all of
    /// it is lost.
    public var checkpointHours: Double?
    public var vms: Int
    /// Of each VM; `cpu` is the share of the time on speed 1.0, never waiting.
    public var vcpus: Double
    public var memoryGiB: Double
    public var cpu: Double
    public var dirtyMiBps: Double
    /// Where its VMs are at first, in turn; empty: where a policy wants them.
    public var startsAt: [String]
    /// One after another, and anew after the last. Empty: they never talk.
    public var phases: [Phase]

    public init(
      name: String, count: Int = 1, arrivesAtHours: Double = 0, everyHours: Double = 0, objective: Objective = .cost,
      coupling: Coupling = .coupled, minimumGain: Double = 0.05, workHours: Double? = nil, lastsHours: Double? = nil,
      checkpointHours: Double? = nil, vms: Int, vcpus: Double = 1, memoryGiB: Double = 1, cpu: Double = 1,
      dirtyMiBps: Double = 0, startsAt: [String] = [], phases: [Phase] = []
    ) {
      self.name = name
      self.count = count
      self.arrivesAtHours = arrivesAtHours
      self.everyHours = everyHours
      self.objective = objective
      self.coupling = coupling
      self.minimumGain = minimumGain
      self.workHours = workHours
      self.lastsHours = lastsHours
      self.checkpointHours = checkpointHours
      self.vms = vms
      self.vcpus = vcpus
      self.memoryGiB = memoryGiB
      self.cpu = cpu
      self.dirtyMiBps = dirtyMiBps
      self.startsAt = startsAt
      self.phases = phases
    }
  }

  /// Who talks to whom for a while.
  public struct Phase: Hashable, Sendable {
    /// Of work; of a service, of time. Nil: to the end.
    public var hours: Double?
    public var structure: Structure
    /// VMs of a group.
    public var groupSize: Int
    /// Per second between two that talk, on speed 1.0, never waiting.
    public var waitsPerSecond: Double
    /// From each of the two to the other, IP bytes.
    public var bytesPerSecond: Double
    /// What groups exchange with the next one, as a share of that, VM by VM.
    public var acrossShare: Double
    /// Whether the seed decides which VMs are neighbours; else they are so in their order.
    public var isShuffled: Bool

    public init(
      hours: Double? = nil, structure: Structure = .groups, groupSize: Int = 4, waitsPerSecond: Double = 0,
      bytesPerSecond: Double = 0, acrossShare: Double = 0, isShuffled: Bool = true
    ) {
      self.hours = hours
      self.structure = structure
      self.groupSize = groupSize
      self.waitsPerSecond = waitsPerSecond
      self.bytesPerSecond = bytesPerSecond
      self.acrossShare = acrossShare
      self.isShuffled = isShuffled
    }
  }

  /// Which pairs of VMs talk.
  public enum Structure: String, CaseIterable, Hashable, Sendable {
    /// All pairs of a group.
    case groups
    /// Each with the one before and the one after it, around.
    case ring
    /// The same, with two ends.
    case chain
    /// The neighbours in a rectangle that is as square as can be.
    case grid
    /// All pairs.
    case all
    /// The first with all others.
    case hub
  }

  /// Something that happens to a site.
  public struct Event: Hashable, Sendable {
    public var atHours: Double
    /// Again so much later, `times` in all.
    public var everyHours: Double
    public var times: Int
    public var site: String
    public var change: Change

    public init(atHours: Double, everyHours: Double = 0, times: Int = 1, site: String, change: Change) {
      self.atHours = atHours
      self.everyHours = everyHours
      self.times = times
      self.site = site
      self.change = change
    }
  }

  public enum Change: Hashable, Sendable {
    case price(Price)
    /// Of one core of each of its hosts.
    case speed(Double)
    /// It opens, and is closed until then.
    case opens
    /// It is known `noticeMinutes` ahead; what is there then is lost, and started elsewhere from the last checkpoint.
    case closes(noticeMinutes: Double, forHours: Double?)
    /// VMs there stand still until it is back; nobody comes or goes.
    case fails(forHours: Double)
  }
}
