/// What goes one way between two machines, cut into messages and transfers, as seen at one of them.
///
/// *Messages* are what rounds are counted of, *transfers* what turns are; both are defined in docs/waits.md.
struct Flow: BitwiseCopyable, Sendable {
  /// What follows a complete message within this time (nanoseconds), with nothing the other way between, continues it.
  private static let messagePause: Int64 = 300_000
  /// What follows an ended transfer within this time, with nothing the other way between, continues it.
  private static let transferPause: Int64 = 100_000
  /// What follows anything after more than this doesn't continue it.
  static let silence: Int64 = 1_000_000_000
  /// A packet with less payload is never full: the least segment size that all take (RFC 9293 §3.7.1).
  private static let leastSegment: UInt32 = 536

  /// The machine sends (out) or hears from its peer (back).
  enum Way: UInt8 {
    case none, out, back
  }

  private enum Progress: UInt8 {
    case none, open, ended
  }

  /// When the last packet came.
  private(set) var latest = Int64.min
  /// When the message was last said to be complete.
  private var messageEnd = Int64.min
  private var largest: UInt32 = 0
  private var message = Progress.none
  private var transfer = Progress.none

  struct Events {
    var messageStarts: Bool
    var messageEnds: Bool
    var transferStarts: Bool
    var transferEnds: Bool
    /// The transfer that was going on ended without saying so, before this packet.
    var wasLeftOpen: Bool
  }

  /// Takes a packet.
  ///
  /// - Parameter isNext: the pair's last packet went the same way.
  @inline(__always)
  mutating func take(_ part: MessagePart, at time: Int64, isNext: Bool) -> Events {
    let gap = time &- latest
    let completes = part.isPush || part.bytes < largest
    let messageContinues =
      message == .open || (message == .ended && isNext && time &- messageEnd <= Self.messagePause)
    let messageEnds = completes && !(messageContinues && message == .ended)
    if completes { messageEnd = time }
    message = completes || (messageContinues && message == .ended) ? .ended : .open

    let isOpen = transfer == .open
    let transferContinues =
      isOpen ? gap <= Self.silence : transfer == .ended && isNext && gap <= Self.transferPause
    let isFull = transferContinues && part.bytes >= Self.leastSegment && part.bytes >= largest
    let isLast = part.isPush && !isFull
    if isLast { transfer = .ended } else if !transferContinues { transfer = .open }

    largest = max(largest, part.bytes)
    latest = time
    return Events(
      messageStarts: !messageContinues, messageEnds: messageEnds, transferStarts: !transferContinues,
      transferEnds: isLast && (isOpen || !transferContinues), wasLeftOpen: isOpen && !transferContinues)
  }

  /// Ends an open transfer if nothing more of it has come for long.
  ///
  /// - Returns: whether it did.
  @inline(__always)
  mutating func endTransfer(ifSilentAt time: Int64) -> Bool {
    guard transfer == .open, time &- latest > Self.silence else { return false }
    transfer = .ended
    return true
  }
}
