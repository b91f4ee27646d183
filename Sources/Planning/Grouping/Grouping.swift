public import Model

/// Which VMs of a traffic matrix belong together, and how good a division that is.
///
/// The figures are ratios of the weight (messages or bytes, as `measure` says) that VMs exchange; both directions of a
/// pair count together.
public struct Grouping: Hashable, Sendable {
  /// How groups are found.
  public enum Method: String, CaseIterable, Hashable, Sendable {
    /// Modularity, by the Leiden algorithm (see `Leiden`), with the bounds of `Bounds`; then small groups that it
    /// leaves merged. The default.
    case leiden
    /// The algorithm of D. Dib's report of 2010 (see `TrafficGraph.reportGroups(factor:)`).
    case report
  }

  /// What the traffic says about keeping VMs together.
  public enum Outcome: String, Hashable, Sendable {
    /// So little is exchanged that no VM needs another near it.
    case negligible
    /// All VMs that talk belong together: no division is worth its cut.
    case one
    /// The groups in `members` can be kept apart from each other.
    case partition
  }

  /// Where the outcomes part.
  public struct Bounds: Hashable, Sendable {
    /// Fewer packets than this per VM and second are negligible (each packet counted once, windows under 1 s as 1 s).
    public var packetsPerVMAndSecond: Double
    /// A division with less modularity than this is none.
    public var modularity: Double

    public init(packetsPerVMAndSecond: Double = 50, modularity: Double = 0.25) {
      self.packetsPerVMAndSecond = packetsPerVMAndSecond
      self.modularity = modularity
    }
  }

  public let method: Method
  public let measure: Measure
  /// The report's f, whose product with a group's mean is the threshold for joining it; of no effect on Leiden.
  public let factor: Double
  public let bounds: Bounds
  public let outcome: Outcome
  /// Disjoint groups: each sorted, in the order of their first members.
  public let members: [[Endpoint]]
  /// VMs in no group, sorted: those that exchange nothing with others; all where traffic is negligible.
  public let ungrouped: [Endpoint]
  /// Share, 0 … 1, of the exchanged weight that runs between different groups of `members`.
  public let cutShare: Double
  /// Newman's modularity, −½ … 1, of `members`: 0 where they are one group or none.
  public let modularity: Double
  /// The modularity of the best division that was found, taken or not: what was compared with the bound. For the
  /// report's method, that of its own groups.
  public let bestModularity: Double
  /// Packets per VM and second, what was compared with the other bound; nil where the matrix has no window.
  public let packetsPerVMAndSecond: Double?
}
