/// The phases of one machine, over all its peers: it hears from some of them, then speaks, which begins the next.
///
/// Who has heard from several before it speaks has waited once, not once for each.
package struct MachinePhases: BitwiseCopyable, Sendable {
  /// Phases that are remembered.
  private static var remembered: UInt32 { 64 }

  /// The number of the present phase; wraps around.
  private(set) var current: UInt32 = 0
  /// From how many peers a transfer came in each phase, by its number modulo 64; held at the largest number, with which
  /// a share is 0 already.
  private var heard = InlineArray<64, UInt16>(repeating: 0)

  package init() {}

  /// A transfer of a peer is complete, the first of its in this phase.
  @inline(__always)
  mutating func hear() {
    let place = Int(current % Self.remembered)
    if heard[place] < .max { heard[place] += 1 }
  }

  /// A transfer to any peer starts.
  @inline(__always)
  mutating func speak() {
    if heard[Int(current % Self.remembered)] == 0 { return }
    current &+= 1
    heard[Int(current % Self.remembered)] = 0
  }

  /// The part, in thousandths, that one peer heard in a phase has in the wait: a placement that halves k peers leaves
  /// k/2 of them across, so that each carries 2/k. One where two or fewer were heard, or the phase is forgotten.
  @inline(__always)
  func share(ofPhase phase: UInt32) -> UInt64 {
    guard current &- phase < Self.remembered else { return 1000 }
    let peers = heard[Int(phase % Self.remembered)]
    return peers <= 2 ? 1000 : UInt64(2000 / peers)
  }
}
