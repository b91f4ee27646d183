internal import Model

/// One end of a pair: what it has received and sent since its window opened.
struct WaitingEnd: Sendable {
  /// A window closes after this many sends.
  static let window: UInt8 = 64

  /// When messages that were seen before they reached this end do so, the earliest first: the low 32 bits of their
  /// times. That is enough, as ``advance(to:)`` is called at least once a ``WaitTracker/silence``, and a hop is no
  /// longer than that.
  private var due = SIMD4<UInt32>()
  private var dueCount: UInt8 = 0
  private var sends: UInt8 = 0
  /// Held at 127: with 64 sends at most, more doesn't change a lag that is clamped to 1.
  private var receipts: UInt8 = 0
  private var leastLag = Int8.max
  /// A message has come since this end last sent one.
  private var isFresh = false

  /// A complete message reaches this end at `time`. Of more than four on their way at once the first is taken to be
  /// there.
  @inline(__always)
  mutating func expect(at time: Int64) {
    if dueCount == 4 { receive() }
    due[Int(dueCount)] = UInt32(truncatingIfNeeded: time)
    dueCount += 1
  }

  /// What is due at `time` has come.
  @inline(__always)
  mutating func advance(to time: Int64) {
    let now = UInt32(truncatingIfNeeded: time)
    while dueCount > 0, Int32(bitPattern: now &- due[0]) >= 0 { receive() }
  }

  /// This end starts a message.
  @inline(__always)
  mutating func send(into row: inout PairCounts) {
    if isFresh {
      row.rounds &+= 1
      isFresh = false
    }
    leastLag = min(leastLag, Int8(clamping: Int(receipts) - Int(sends)))
    sends += 1
    if sends == Self.window { endWindow(into: &row) }
  }

  /// Everything on its way arrives, and the window closes.
  mutating func close(into row: inout PairCounts) {
    while dueCount > 0 { receive() }
    if sends > 0 { endWindow(into: &row) }
    receipts = 0
  }

  private mutating func receive() {
    due = SIMD4(due[1], due[2], due[3], 0)
    dueCount -= 1
    isFresh = true
    receipts = min(receipts + 1, 127)
  }

  private mutating func endWindow(into row: inout PairCounts) {
    row.windows &+= 1
    row.lag &+= Int64(min(max(leastLag, -1), 1))
    leastLag = .max
    sends = 0
    receipts = 0
  }
}
