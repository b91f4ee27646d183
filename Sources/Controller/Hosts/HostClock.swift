package import Model

/// A host's clock against the controller's, by the times that the host tells.
///
/// A time grows old on its way, so that a host seems to be behind by as much; it never seems to be ahead for that. One
/// reading that is ahead is proof, one that is behind waits for a better one: what is sent behind a large report comes
/// late, and then all at once.
package struct HostClock: Hashable, Sendable {
  /// Readings of which the best is shown.
  private static let shown = 4
  /// Readings that are behind count when none was better for so long, seconds.
  private static let patience = 5.0

  /// Seconds by which a clock may differ.
  package let bound: Double
  /// Seconds by which it is ahead, by the best of the latest readings.
  package private(set) var offset = 0.0
  /// Whether it differs by more than the bound.
  package private(set) var isWrong = false
  private var readings: [Double] = []
  private var behindSince: Timestamp?

  /// A connection's first reading, which is believed at once.
  ///
  /// - Parameters:
  ///   - time: what the host tells.
  ///   - now: of the controller's clock.
  package init(bound: Double, time: Timestamp, at now: Timestamp) {
    self.bound = bound
    let reading = Self.seconds(from: now, to: time)
    isWrong = abs(reading) > bound
    show(reading, anew: true)
  }

  /// Reads it once more.
  package mutating func read(_ time: Timestamp, at now: Timestamp) {
    let reading = Self.seconds(from: now, to: time)
    let isBehind = reading < -bound
    let since = isBehind ? behindSince ?? now : nil
    behindSince = since
    let wasWrong = isWrong
    if reading > bound {
      isWrong = true
    } else if let since {
      if Self.seconds(from: since, to: now) >= Self.patience { isWrong = true }
    } else if abs(reading) <= bound - Self.margin(of: bound) {
      isWrong = false
    }
    show(reading, anew: isWrong != wasWrong)
  }

  /// Why reports aren't taken; nil: they are.
  package var problem: String? {
    guard isWrong else { return nil }
    let way = offset > 0 ? "ahead of" : "behind"
    let seconds = (abs(offset) * 10).rounded() / 10
    return "its clock is \(seconds) s \(way) the controller's, and \(Self.plain(bound)) s are allowed"
  }

  /// A clock that is just at the bound isn't right and wrong in turn.
  private static func margin(of bound: Double) -> Double { min(0.5, bound / 4) }

  private mutating func show(_ reading: Double, anew: Bool) {
    readings = (anew ? [] : readings.suffix(Self.shown - 1)) + [reading]
    offset = readings.max() ?? reading
  }

  private static func seconds(from start: Timestamp, to end: Timestamp) -> Double {
    (Double(end.nanoseconds) - Double(start.nanoseconds)) / 1e9
  }

  private static func plain(_ number: Double) -> String {
    Int64(exactly: number).map(String.init) ?? "\(number)"
  }
}
