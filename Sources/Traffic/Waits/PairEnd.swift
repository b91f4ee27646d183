/// One end of a pair: what a machine has sent to one peer and received from it, as far as waits go.
///
/// A tap keeps one for each peer of its machine, and hands it what the machine sends and receives when it is seen there;
/// a capture in which both machines are seen keeps one for each of the two. State is constant, and so is the work per
/// packet. Definitions are those of docs/waits.md.
package struct PairEnd: BitwiseCopyable, Sendable {
  /// What was counted since ``takeCounts()``.
  private var counts = EndCounts()
  private var sent = Flow()
  private var received = Flow()
  private var turns = TurnCounter()
  private var rounds = RoundCounter()
  /// Which way the last packet went.
  private var latestWay = Flow.Way.none

  package init() {}

  /// The machine sends a packet to the peer.
  ///
  /// - Parameters:
  ///   - time: nanoseconds of any clock, the same for all that happens at this end.
  ///   - phases: those of the machine.
  @inline(__always)
  package mutating func send(_ part: MessagePart, at time: Int64, phases: inout MachinePhases) {
    closeWindow(ifSilentAt: time)
    let events = sent.take(part, at: time, isNext: latestWay == .out)
    latestWay = .out
    if events.messageStarts { rounds.send(counting: &counts) }
    guard events.transferStarts else { return }
    if received.endTransfer(ifSilentAt: time) { turns.complete(in: &phases) }
    turns.startOut(from: &phases, counting: &counts)
  }

  /// A packet from the peer reaches the machine.
  @inline(__always)
  package mutating func receive(_ part: MessagePart, at time: Int64, phases: inout MachinePhases) {
    closeWindow(ifSilentAt: time)
    let events = received.take(part, at: time, isNext: latestWay == .back)
    latestWay = .back
    if events.messageEnds { rounds.receive() }
    if events.wasLeftOpen { turns.complete(in: &phases) }
    if events.transferStarts { turns.startIn(counting: &counts) }
    if events.transferEnds { turns.complete(in: &phases) }
  }

  /// Silence, or a step back of the clock, closes a window of rounds.
  @inline(__always)
  private mutating func closeWindow(ifSilentAt time: Int64) {
    let (gap, overflow) = time.subtractingReportingOverflow(latestWay == .out ? sent.latest : received.latest)
    if overflow || gap < 0 || gap > Flow.silence { rounds.close(counting: &counts) }
  }

  /// Closes the window that is open: at the end of a capture.
  package mutating func close() {
    rounds.close(counting: &counts)
  }

  /// What was counted since the last call.
  package mutating func takeCounts() -> EndCounts {
    defer { counts = EndCounts() }
    return counts
  }
}
