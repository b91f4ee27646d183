/// The sites over which virtual machines can live, what they offer and cost, and how they are linked.
public struct Federation: Hashable, Sendable {
  public var sites: [Site]
  public var links: Links
  public var egress: Egress

  public init(sites: [Site], links: Links = Links(), egress: Egress = Egress()) {
    self.sites = sites
    self.links = links
    self.egress = egress
  }
}

/// A cloud or a grid: hosts in one place under one price list.
public struct Site: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Hashable, Sendable { case grid, cloud }

  public var name: String
  public var kind: Kind?
  /// Nil: for ever.
  public var availableUntil: Timestamp?
  public var quota: Quota
  public var price: Price
  /// May be empty: a place where external users are.
  public var hosts: [Host]

  public init(
    name: String, kind: Kind? = nil, availableUntil: Timestamp? = nil, quota: Quota = Quota(), price: Price = Price(),
    hosts: [Host] = []
  ) {
    self.name = name
    self.kind = kind
    self.availableUntil = availableUntil
    self.quota = quota
    self.price = price
    self.hosts = hosts
  }
}

/// What an application may use of a site in all, its present VMs included. Nil: unlimited.
public struct Quota: Hashable, Sendable {
  public var vcpus: Double?
  public var memoryGiB: Double?
  public var vcpuHours: Double?

  public init(vcpus: Double? = nil, memoryGiB: Double? = nil, vcpuHours: Double? = nil) {
    self.vcpus = vcpus
    self.memoryGiB = memoryGiB
    self.vcpuHours = vcpuHours
  }
}

/// Price of hosting, in one currency for the whole federation.
public struct Price: Hashable, Sendable {
  public var vmHour: Double
  public var vcpuHour: Double
  public var memoryGiBHour: Double

  public init(vmHour: Double = 0, vcpuHour: Double = 0, memoryGiBHour: Double = 0) {
    self.vmHour = vmHour
    self.vcpuHour = vcpuHour
    self.memoryGiBHour = memoryGiBHour
  }
}

/// A physical host.
public struct Host: Hashable, Sendable {
  /// Unique in the federation.
  public var name: String
  public var vcpus: Double
  /// Nil: unlimited.
  public var memoryGiB: Double?
  /// Speed of one core, relative; > 0.
  public var speed: Double
  public var watts: Double

  public init(name: String, vcpus: Double = 1, memoryGiB: Double? = nil, speed: Double = 1, watts: Double = 1) {
    self.name = name
    self.vcpus = vcpus
    self.memoryGiB = memoryGiB
    self.speed = speed
    self.watts = watts
  }
}
