/// The sites over which virtual machines can live, what they offer and cost, and how they are linked.
public struct Federation: Hashable, Sendable {
  /// In the order of the file; names are unique.
  public var sites: [Site]
  /// Latencies and bandwidths.
  public var links: Links
  /// Prices of data that leaves a site.
  public var egress: Egress
  /// Which CPU models run guests of which others; of one that isn't listed, only its own.
  public var cpuModels: [CPUModel]
  /// Who shares the sites, and in what proportion; of one that isn't listed, one share.
  public var owners: [Owner]
  /// Bytes per second that moves have from one site to another (from a site to itself: from host to host), where earlier
  /// ones have shown it; else the link's bandwidth. No document says so, the loop does.
  public var moveRates: [OrderedPair: Double] = [:]

  /// Links and egress cost nothing unless given.
  public init(
    sites: [Site], links: Links = Links(), egress: Egress = Egress(), cpuModels: [CPUModel] = [], owners: [Owner] = []
  ) {
    self.sites = sites
    self.links = links
    self.egress = egress
    self.cpuModels = cpuModels
    self.owners = owners
  }

  /// Site of each host, by name.
  package var sitesOfHosts: [String: String] {
    Dictionary(
      sites.flatMap { site in site.hosts.map { ($0.name, site.name) } }, uniquingKeysWith: { first, _ in first })
  }
}

/// A cloud or a grid: hosts in one place under one price list.
public struct Site: Hashable, Sendable {
  /// What a site is rented as; plans don't depend on it.
  public enum Kind: String, CaseIterable, Hashable, Sendable { case grid, cloud }

  /// Unique in the federation.
  public var name: String
  /// Nil: not said.
  public var kind: Kind?
  /// Nil: for ever.
  public var availableUntil: Timestamp?
  /// When it is available, by rising time, none touching the next; none: always, until `availableUntil`.
  public var windows: [TimeWindow]
  /// What an application may use of it.
  public var quota: Quota
  /// What hosting costs there.
  public var price: Price
  /// Whose law what is stored there is under: countries, unions of them; as constraints name them.
  public var jurisdictions: [String]
  /// Share of each host that a placement leaves free.
  public var headroom: Double
  /// Whether all VMs are to leave it.
  public var isDrained: Bool
  /// May be empty: a place where external users are.
  public var hosts: [Host]

  /// Defaults are those of `federation.yaml`.
  public init(
    name: String, kind: Kind? = nil, availableUntil: Timestamp? = nil, windows: [TimeWindow] = [],
    quota: Quota = Quota(), price: Price = Price(), jurisdictions: [String] = [], headroom: Double = 0,
    isDrained: Bool = false, hosts: [Host] = []
  ) {
    self.name = name
    self.kind = kind
    self.availableUntil = availableUntil
    self.windows = windows
    self.quota = quota
    self.price = price
    self.jurisdictions = jurisdictions
    self.headroom = headroom
    self.isDrained = isDrained
    self.hosts = hosts
  }
}

/// What an application may use of a site in all, its present VMs included. Nil: unlimited.
public struct Quota: Hashable, Sendable {
  /// Of all VMs there at once.
  public var vcpus: Double?
  /// Of all VMs there at once, in 2³⁰ bytes.
  public var memoryGiB: Double?
  /// Over the run.
  public var vcpuHours: Double?
  /// How many at once.
  public var vms: Int?

  /// Unlimited unless given.
  public init(vcpus: Double? = nil, memoryGiB: Double? = nil, vcpuHours: Double? = nil, vms: Int? = nil) {
    self.vcpus = vcpus
    self.memoryGiB = memoryGiB
    self.vcpuHours = vcpuHours
    self.vms = vms
  }
}

/// Price of hosting, in one currency for the whole federation.
public struct Price: Hashable, Sendable {
  /// Per VM and hour.
  public var vmHour: Double
  /// Per vCPU and hour.
  public var vcpuHour: Double
  /// Per 2³⁰ bytes of memory and hour.
  public var memoryGiBHour: Double

  /// Free unless given.
  public init(vmHour: Double = 0, vcpuHour: Double = 0, memoryGiBHour: Double = 0) {
    self.vmHour = vmHour
    self.vcpuHour = vcpuHour
    self.memoryGiBHour = memoryGiBHour
  }

  /// Per hour of a VM.
  public func perHour(of vm: VM) -> Double { vmHour + vcpuHour * vm.vcpus + memoryGiBHour * vm.memoryGiB }
}

/// A physical host.
public struct Host: Hashable, Sendable {
  /// Unique in the federation.
  public var name: String
  /// What VMs may take in all; no overcommit.
  public var vcpus: Double
  /// Nil: unlimited.
  public var memoryGiB: Double?
  /// Speed of one core, relative; > 0.
  public var speed: Double
  /// Power while it has VMs.
  public var watts: Double
  /// What of it a placement leaves free; nil: as its site says.
  public var headroom: Double?
  /// Whether all VMs are to leave it.
  public var isDrained: Bool
  /// Nil: not said, and taken to run any guest.
  public var cpuModel: String?
  /// Nil: not said, and taken to run any guest.
  public var qemuVersion: QEMUVersion?

  /// Defaults are those of `federation.yaml`.
  public init(
    name: String, vcpus: Double = 1, memoryGiB: Double? = nil, speed: Double = 1, watts: Double = 1,
    headroom: Double? = nil, isDrained: Bool = false, cpuModel: String? = nil, qemuVersion: QEMUVersion? = nil
  ) {
    self.name = name
    self.vcpus = vcpus
    self.memoryGiB = memoryGiB
    self.speed = speed
    self.watts = watts
    self.headroom = headroom
    self.isDrained = isDrained
    self.cpuModel = cpuModel
    self.qemuVersion = qemuVersion
  }
}
