public import Model

/// The periods that a collector holds, on the line of time.
public struct PeriodLine: Sendable {
  /// Sorted; they don't overlap where all hosts have the same length of periods.
  public var closed: [GlobalPeriod]
  /// Of some of them.
  public var sums: PeriodSums
  /// Hosts that haven't reported yet, of periods that aren't closed.
  public var awaited: [Period: [String]]
  /// Of a period now, nanoseconds, > 0.
  public var length: Int64
  /// How long after its end a period is closed at the latest, nanoseconds.
  public var grace: Int64
  public var now: Timestamp

  /// - Parameter closed: in any order.
  public init(
    closed: [GlobalPeriod], sums: PeriodSums = PeriodSums(), awaited: [Period: [String]] = [:], length: Int64,
    grace: Int64, now: Timestamp
  ) {
    self.closed = closed.sorted { $0.period < $1.period }
    self.sums = sums
    self.awaited = awaited
    self.length = length
    self.grace = grace
    self.now = now
  }

  /// A piece of the line.
  enum Slot {
    case closed(GlobalPeriod)
    /// Not yet.
    case open(Period)
    /// Nothing is held of it.
    case gap(Period)

    var period: Period {
      switch self {
      case .closed(let traffic): traffic.period
      case .open(let period), .gap(let period): period
      }
    }
  }

  /// The period that contains an instant: a held one, else one of the present length, cut where held ones begin and end.
  func slot(containing instant: Timestamp) -> Slot {
    let next = firstIndex(after: instant)
    if next > 0, closed[next - 1].period.end > instant { return .closed(closed[next - 1]) }
    let whole = Period(containing: instant, length: length)
    let start = next > 0 ? max(whole.start, closed[next - 1].period.end) : whole.start
    let end = next < closed.count ? min(whole.end, closed[next].period.start) : whole.end
    let period = Period(start: start, length: end.nanoseconds &- start.nanoseconds)
    let isOpen = awaited[period] != nil || period.end.advanced(byNanoseconds: grace) > now
    return isOpen ? .open(period) : .gap(period)
  }

  /// The latest instant before which all periods ought to have ended.
  var lastEnd: Timestamp {
    max(Period(containing: now, length: length).start, closed.last?.period.end ?? Timestamp(nanoseconds: .min))
  }

  /// Of the first period that is held; nil: there is none.
  var firstStart: Timestamp? {
    [closed.first?.period.start, awaited.keys.min()?.start].compactMap { $0 }.min()
  }

  /// Index of the first closed period that begins after an instant.
  private func firstIndex(after instant: Timestamp) -> Int {
    var (low, high) = (0, closed.count)
    while low < high {
      let middle = (low + high) / 2
      if closed[middle].period.start <= instant { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
