public import Model

/// What moving one VM, live, over one link takes: pre-copy of its memory in rounds while it runs on and dirties pages
/// again, then the rest while it stands still, and a copy of each disk that isn't shared.
///
/// The model is that of docs/planning.md; geometric rounds as in Clark et al., "Live Migration of Virtual Machines",
/// NSDI 2005.
public struct Migration: Hashable, Sendable {
  /// ρ: dirty rate by bandwidth.
  public let dirtyShare: Double
  /// n: rounds before the stop.
  public let rounds: Int
  public let bytes: Double
  public let seconds: Double
  public let downtimeSeconds: Double

  /// What the last copy may take with the VM stopped, seconds.
  public static let longestLastCopy = 0.3
  public static let mostRounds = 30
  /// What stop and restart take beside the last copy, seconds.
  public static let switchSeconds = 0.05

  /// - Parameter bandwidth: bytes per second, > 0; may be infinite.
  public init(of vm: VM, bandwidth: Double) throws(Obstacle) {
    if let reason = vm.staysBecause { throw .stays(reason: reason) }
    if let manager = vm.managedBy { throw .stays(reason: "it is managed by \(manager)") }
    let memory = vm.memoryGiB * 0x1p30
    let ratio = vm.dirtyMiBps * 0x1p20 / bandwidth
    guard ratio < 1 else { throw .dirtiesTooFast(share: ratio) }
    var rest = memory * ratio
    var rounds = 1
    while rest > Self.longestLastCopy * bandwidth {
      rounds += 1
      rest *= ratio
      guard rounds <= Self.mostRounds else { throw .tooManyRounds(dirtyShare: ratio) }
    }
    var bytes = (memory - rest * ratio) / (1 - ratio)
    for disk in vm.disks where !disk.shared {
      let writes = disk.writeMiBps * 0x1p20 / bandwidth
      guard writes < 1 else { throw .writesTooFast(share: writes) }
      bytes += disk.usedGiB * 0x1p30 / (1 - writes)
    }
    (dirtyShare, self.rounds, self.bytes) = (ratio, rounds, bytes)
    seconds = bytes / bandwidth
    downtimeSeconds = rest / bandwidth + Self.switchSeconds
  }

  /// Why a VM can't be moved over a link.
  public enum Obstacle: Error, Hashable, Sendable {
    /// Memory is written at least as fast as the link carries it (ρ ≥ 1).
    case dirtiesTooFast(share: Double)
    /// The rest of memory is still too large after `mostRounds`.
    case tooManyRounds(dirtyShare: Double)
    /// A disk is written at least as fast as the link carries it.
    case writesTooFast(share: Double)
    /// Whatever the link.
    case stays(reason: String)
  }
}

extension Migration.Obstacle: CustomStringConvertible {
  public var description: String {
    switch self {
    case .dirtiesTooFast(let share): "it dirties memory at \(Words.number(share)) times the link's bandwidth"
    case .tooManyRounds(let share):
      "it dirties memory at \(Words.number(share)) times the link's bandwidth: "
        + "over \(Migration.mostRounds) rounds of copying"
    case .writesTooFast(let share): "a disk is written at \(Words.number(share)) times the link's bandwidth"
    case .stays(let reason): reason
    }
  }
}
