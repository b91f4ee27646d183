import Model

/// When a site is available, in seconds from the instant that is planned at.
struct Availability: Sendable {
  /// By rising time; ends are infinite where there are none.
  private let spans: [(from: Double, until: Double)]
  /// Whether a VM may be there in a part of the run, with its next move in the plan: so say `windows`. A site that
  /// closes without more (`availableUntil`) takes only what ends before.
  let allowsParts: Bool

  init(_ site: Site, at now: Timestamp) {
    spans = site.availability.map { window in
      (window.from.map { now.seconds(until: $0) } ?? -.infinity, window.until.map { now.seconds(until: $0) } ?? .infinity)
    }
    allowsParts = !site.windows.isEmpty
  }

  /// Seconds from `instant` until it closes; negative where it is closed, nil where it never closes.
  func closes(asOf instant: Double) -> Double? {
    if let span = spans.first(where: { $0.from <= instant + Self.rounding && instant < $0.until }) {
      return span.until < .infinity ? span.until - instant : nil
    }
    // One that was never open closed long ago.
    return spans.last { $0.until <= instant }.map { $0.until - instant } ?? Self.longAgo
  }

  private static let longAgo = -1e9
  /// Of an instant that sums have led to, seconds.
  private static let rounding = 1e-6

  /// Seconds from `instant` until it opens next; nil: no more.
  func opens(after instant: Double) -> Double? { spans.first { $0.from > instant + Self.rounding }.map { $0.from - instant } }
}
