import Model

/// When a site is available, in seconds from the instant that is planned at.
struct Availability: Sendable {
  private var site: Site
  private let now: Timestamp

  init(_ site: Site, at now: Timestamp) {
    (self.site, self.now) = (site, now)
    self.site.hosts = []
  }

  /// Whether a VM may be there in a part of the run, with its next move in the plan: so say `windows`. A site that
  /// closes without more (`availableUntil`) takes only what ends before.
  var allowsParts: Bool { !site.windows.isEmpty }

  /// Seconds from `instant` until it closes; negative where it is closed, nil where it never closes.
  func closes(asOf instant: Double) -> Double? {
    let asOf = self.instant(instant)
    if let closes = site.closes(asOf: asOf) { return now.seconds(until: closes) - instant }
    // One that was never open closed long ago.
    return site.isAvailable(at: asOf) ? nil : Self.longAgo
  }

  /// Seconds from `instant` until it opens next; nil: no more.
  func opens(after instant: Double) -> Double? {
    site.opens(after: self.instant(instant)).map { now.seconds(until: $0) - instant }
  }

  private static let longAgo = -1e9

  /// Sums that have led to an instant may miss it by a microsecond.
  private func instant(_ seconds: Double) -> Timestamp { now.advanced(bySeconds: seconds + 1e-6) }
}
