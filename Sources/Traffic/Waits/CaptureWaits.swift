internal import Model

/// Follows who waits for whom among all machines whose packets are seen at one point: both ends of every pair.
///
/// What a machine sends it sends when it is seen; it reaches the other end a hop later, among all other packets in the
/// order of time.
struct CaptureWaits: ~Copyable, Sendable {
  /// How much later than seen a packet reaches its destination, nanoseconds.
  let hop: Int64

  private var pairs = ChunkedArray<Pair>()
  /// Two for each pair, its first machine's and its second's.
  private var ends = ChunkedArray<PairEnd>()
  private var machines = MachineTable()
  private var arrivals = ArrivalQueue()

  private struct Pair: BitwiseCopyable, Sendable {
    var connections = RecentConnections()
    let first: UInt32
    let second: UInt32
  }

  init(hop: Int64) {
    self.hop = min(max(0, hop), Flow.silence)
  }

  /// Bytes that are taken by now.
  var usedBytes: Int {
    pairs.count * MemoryLayout<Pair>.stride + ends.count * MemoryLayout<PairEnd>.stride + machines.usedBytes
      + ArrivalQueue.limit * MemoryLayout<ArrivalQueue.Arrival>.stride
  }

  /// Begins to follow a pair.
  ///
  /// - Returns: its number.
  mutating func follow(_ key: PairKey, seed: (UInt64, UInt64)) -> Int {
    pairs.append(
      Pair(first: machines.number(of: key.first, seed: seed), second: machines.number(of: key.second, seed: seed)))
    ends.append(PairEnd())
    ends.append(PairEnd())
    return pairs.count - 1
  }

  /// Lets arrive what is due before a packet that was seen at `time`.
  @inline(__always)
  mutating func advance(to time: Int64) {
    if arrivals.isDue(at: time, hop: hop) { arrive(before: time) }
  }

  /// Out of line: otherwise the compiler leaves the decoder out of line, which costs more.
  @inline(never)
  private mutating func arrive(before time: Int64) {
    repeat { arrive() } while arrivals.isDue(at: time, hop: hop)
  }

  /// Takes a packet of a pair.
  @inline(__always)
  mutating func count(_ payload: Payload, of pair: Int, isForward: Bool, at time: Int64) {
    guard let part = pairs[pair].connections.part(payload, from: isForward ? .first : .second) else { return }
    let sender = 2 * pair + (isForward ? 0 : 1)
    let machine = Int(isForward ? pairs[pair].first : pairs[pair].second)
    ends[sender].send(part, at: time, phases: &machines[machine])
    if arrivals.isFull { arrive() }
    arrivals.append(ArrivalQueue.Arrival(time: time, end: UInt32(truncatingIfNeeded: sender ^ 1), part: part))
  }

  @inline(__always)
  private mutating func arrive() {
    let arrival = arrivals.removeFirst()
    let end = Int(arrival.end)
    let machine = Int(end & 1 == 0 ? pairs[end >> 1].first : pairs[end >> 1].second)
    ends[end].receive(arrival.part, at: arrival.time &+ hop, phases: &machines[machine])
  }

  /// At the end of a capture everything arrives, and open windows close.
  mutating func close() {
    while arrivals.count > 0 { arrive() }
    for end in 0..<ends.count { ends[end].close() }
  }

  /// Adds to its rows what was counted of a pair since the last call.
  mutating func move(_ pair: Int, to rows: inout PairRows) {
    rows.add(ends[2 * pair].takeCounts(), ends[2 * pair + 1].takeCounts())
  }
}
