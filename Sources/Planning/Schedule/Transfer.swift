package import Model

/// What is left of a live migration whose bandwidth changes while it goes on. At a constant one it is `Migration`:
/// disks in turn, each until it has caught up with what is written to it, then memory in rounds, each as long as it takes to
/// send what was written during the last, then the rest with the VM stopped.
package struct Transfer: Sendable {
  /// What there is to copy.
  package struct Demand: Sendable {
    let memory: Double
    /// Bytes per second.
    let dirtyRate: Double
    /// Of the disks that aren't shared: bytes, and bytes per second written.
    let disks: [(used: Double, writeRate: Double)]

    package init(_ vm: VM) {
      memory = vm.memoryGiB * 0x1p30
      dirtyRate = vm.dirtyMiBps * 0x1p20
      disks = vm.disks.filter { !$0.shared }.map { ($0.usedGiB * 0x1p30, $0.writeMiBps * 0x1p20) }
    }
  }

  /// How it ends if the bandwidth stays.
  package struct Outlook: Sendable {
    /// From now.
    package var seconds = 0.0
    /// From the beginning of the move.
    package var bytes: Double
    /// Of the last copy.
    package var stoppedSeconds = 0.0
  }

  private let demand: Demand
  /// The disk that is being copied; past the last: memory.
  private var disk = 0
  /// Of this disk, or this round of memory.
  private var left: Double
  /// Seconds since this round began.
  private var elapsed = 0.0
  private var isStopped = false
  private var isDone = false
  private var bytes = 0.0

  package init(_ demand: Demand) {
    self.demand = demand
    left = demand.disks.first?.used ?? demand.memory
  }

  private var writeRate: Double { disk < demand.disks.count ? demand.disks[disk].writeRate : 0 }

  /// - Parameter rate: bytes per second, more than what is written meanwhile.
  package mutating func advance(by seconds: Double, at rate: Double) {
    var seconds = seconds
    while seconds > 0, !isDone {
      let needed = left / (rate - writeRate)
      guard needed > seconds else {
        seconds -= needed
        finishPart(after: needed, at: rate)
        continue
      }
      left -= seconds * (rate - writeRate)
      bytes += seconds * rate
      elapsed += seconds
      seconds = 0
    }
  }

  package func outlook(at rate: Double) -> Outlook {
    if rate == .infinity { return Outlook(bytes: bytes + left + unbegun) }
    var copy = self
    var outlook = Outlook(bytes: 0)
    while !copy.isDone {
      let needed = copy.left / (rate - copy.writeRate)
      outlook.seconds += needed
      if copy.isStopped { outlook.stoppedSeconds = copy.elapsed + needed }
      copy.finishPart(after: needed, at: rate)
    }
    outlook.bytes = copy.bytes
    return outlook
  }

  /// Disks and memory after the present part.
  private var unbegun: Double {
    guard disk < demand.disks.count else { return 0 }
    return demand.memory + demand.disks[(disk + 1)...].reduce(0) { $0 + $1.used }
  }

  private mutating func finishPart(after seconds: Double, at rate: Double) {
    bytes += seconds * rate
    elapsed += seconds
    if disk < demand.disks.count {
      disk += 1
      left = disk < demand.disks.count ? demand.disks[disk].used : demand.memory
    } else if isStopped {
      isDone = true
    } else {
      left = min(demand.memory, demand.dirtyRate * elapsed)
      isStopped = left <= Migration.longestLastCopy * rate
    }
    elapsed = 0
  }
}

extension Migration {
  /// The least bandwidth at which a VM that can be moved at `bandwidth` can be moved, about: 0 where any will do.
  static func leastBandwidth(of vm: VM, below bandwidth: Double) -> Double {
    if vm.dirtyMiBps == 0, vm.disks.allSatisfy({ $0.shared || $0.writeMiBps == 0 }) { return 0 }
    guard bandwidth.isFinite else { return 0 }
    var (low, high) = (0.0, bandwidth)
    for _ in 0..<40 {
      let middle = (low + high) / 2
      if (try? Migration(of: vm, bandwidth: middle)) == nil { low = middle } else { high = middle }
    }
    return high
  }
}
