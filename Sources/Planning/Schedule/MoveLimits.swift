/// How many moves may be under way at the same time.
public struct MoveLimits: Hashable, Sendable {
  /// From one host. The loop lets one VM at a time leave a host, as OpenStack's Nova does unless told otherwise.
  public var leavingHost: Int
  /// To one host; two, as oVirt has it.
  public var arrivingAtHost: Int
  /// That copy over the link from one site to another at once; four, as vSphere has it for a link of 1 Gb/s.
  public var perLink: Int
  /// Between two sites, both ways together.
  public var perSitePair: Int
  /// Whether more is looked for than an order and rules of priority: worthless where moves are made one after another.
  package var isOverlapSought = true

  /// Each at least 1.
  public init(leavingHost: Int = 1, arrivingAtHost: Int = 2, perLink: Int = 4, perSitePair: Int = 6) {
    self.leavingHost = max(1, leavingHost)
    self.arrivingAtHost = max(1, arrivingAtHost)
    self.perLink = max(1, perLink)
    self.perSitePair = max(1, perSitePair)
  }
}
