/// Rounds, and the least lag of windows, at one end of a pair.
struct RoundCounter: BitwiseCopyable, Sendable {
  /// A window closes after this many messages sent.
  private static let window: UInt8 = 64

  private var sends: UInt8 = 0
  /// Held at 127: with 64 sends at most, more doesn't change a lag that is clamped to 1.
  private var receipts: UInt8 = 0
  private var leastLag = Int8.max
  /// A message has come since this end last sent one.
  private var isFresh = false

  /// A message has come.
  @inline(__always)
  mutating func receive() {
    isFresh = true
    receipts = min(receipts + 1, 127)
  }

  /// A message is sent.
  @inline(__always)
  mutating func send(counting counts: inout EndCounts) {
    if isFresh {
      counts.rounds &+= 1
      isFresh = false
    }
    leastLag = min(leastLag, Int8(truncatingIfNeeded: Int(receipts) - Int(sends)))
    sends += 1
    if sends == Self.window { close(counting: &counts) }
  }

  /// Closes the window, if it has begun.
  mutating func close(counting counts: inout EndCounts) {
    if sends > 0 {
      counts.windows &+= 1
      counts.lag &+= Int64(min(max(leastLag, -1), 1))
    }
    (sends, receipts, leastLag) = (0, 0, .max)
  }
}
