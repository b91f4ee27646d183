/// Turns, matched transfers, runs and shares at one end of a pair.
struct TurnCounter: BitwiseCopyable, Sendable {
  /// The phases in which the transfers were complete that are held until one is sent: two at most, the oldest first.
  private var held: (UInt32, UInt32) = (0, 0)
  /// The last phase in which the peer was heard; at first one that isn't soon.
  private var heardPhase = UInt32.max
  private var heldCount: UInt8 = 0
  /// A transfer has come since this end last sent one.
  private var isFresh = false
  /// Which way the last transfer went.
  private var way = Flow.Way.none
  /// How many in a row went that way, held at three.
  private var length: UInt8 = 0

  /// A transfer from the peer is complete.
  @inline(__always)
  mutating func complete(in phases: inout MachinePhases) {
    isFresh = true
    if heldCount == 0 { held.0 = phases.current } else if heldCount == 1 { held.1 = phases.current }
    heldCount = min(heldCount + 1, 2)
    if heardPhase != phases.current {
      heardPhase = phases.current
      phases.hear()
    }
  }

  /// A transfer from the peer starts.
  @inline(__always)
  mutating func startIn(counting counts: inout EndCounts) {
    lengthen(.back, counting: &counts)
  }

  /// A transfer to the peer starts.
  @inline(__always)
  mutating func startOut(from phases: inout MachinePhases, counting counts: inout EndCounts) {
    lengthen(.out, counting: &counts)
    phases.speak()
    if isFresh {
      counts.turns &+= 1
      isFresh = false
    }
    guard heldCount > 0 else { return }
    counts.matched &+= 1
    counts.shares &+= phases.share(ofPhase: held.0)
    held.0 = held.1
    heldCount -= 1
  }

  @inline(__always)
  private mutating func lengthen(_ next: Flow.Way, counting counts: inout EndCounts) {
    if way != next { (way, length) = (next, 0) }
    if length == 3 { return }
    length += 1
    if length == 3 { counts.runs &+= 1 }
  }
}
