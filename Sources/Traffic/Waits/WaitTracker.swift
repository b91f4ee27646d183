/// Counts rounds, windows and lag between two machines, seen at one end or at both, with constant state and constant
/// work per packet.
///
/// A *message* is what one side sends until it has said something complete; a *round* ends at a side that sends a
/// message after a fresh one has come; the *lag* of a window tells whether the two take turns or send at once. The
/// definitions are those of docs/waits.md.
///
/// The two machines are called first and second, in any order that stays the same.
public struct WaitTracker: BitwiseCopyable, Sendable {
  public enum Side: Sendable {
    case first, second
  }

  /// At which machine packets are seen: at one, as a tap sees its VM's, or at both from one point.
  public enum View: Sendable {
    case first, second, both
  }

  /// After this much silence (nanoseconds) a window closes.
  static let silence: Int64 = 1_000_000_000

  private var fromFirst = MessageStream()
  private var fromSecond = MessageStream()
  private var atFirst = WaitingEnd()
  private var atSecond = WaitingEnd()
  private var connections = RecentConnections()
  private var latest = Int64.min

  public init() {}

  /// Takes a packet that was seen at `time` (nanoseconds of any clock).
  ///
  /// - Parameters:
  ///   - sender: which of the two sent it.
  ///   - hop: how much later than seen it reaches the other end (nanoseconds, 0 … 1 s); 0 where it is seen at that end.
  ///   - rows: what it adds to. A round, window or lag belongs to the row that ends where it is counted.
  @inline(__always)
  public mutating func count(
    _ payload: Payload, from sender: Side, at time: Int64, view: View = .both, hop: Int64, into rows: inout PairRows
  ) {
    switch payload.kind {
    case .none: return
    case .segment: guard connections.isNew(payload, from: sender) else { return }
    case .datagram: break
    }
    let bytes = payload.bytes
    let completes = payload.isPush || payload.kind == .datagram

    let (gap, overflow) = time.subtractingReportingOverflow(latest)
    if overflow || gap < 0 || gap > Self.silence { close(into: &rows) }
    latest = time
    atFirst.advance(to: time)
    atSecond.advance(to: time)

    switch sender {
    case .first:
      let events = fromFirst.take(bytes: bytes, completes: completes, at: time)
      fromSecond.interrupt()
      if events.starts, view != .second { atFirst.send(into: &rows.backward) }
      if events.completes, view != .first { atSecond.expect(at: time &+ hop) }
    case .second:
      let events = fromSecond.take(bytes: bytes, completes: completes, at: time)
      fromFirst.interrupt()
      if events.starts, view != .first { atSecond.send(into: &rows.forward) }
      if events.completes, view != .second { atFirst.expect(at: time &+ hop) }
    }
  }

  /// Closes the open windows: at the end of a capture.
  public mutating func close(into rows: inout PairRows) {
    atFirst.close(into: &rows.backward)
    atSecond.close(into: &rows.forward)
  }
}
