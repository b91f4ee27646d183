/// A span in which a site is available: from its first instant until its end, at which VMs have to be gone.
public struct TimeWindow: Hashable, Sendable {
  /// Nil: since ever.
  public var from: Timestamp?
  /// Nil: for ever.
  public var until: Timestamp?

  public init(from: Timestamp? = nil, until: Timestamp? = nil) {
    self.from = from
    self.until = until
  }

  /// Whether VMs may be there at an instant.
  public func contains(_ instant: Timestamp) -> Bool {
    from.map { $0 <= instant } ?? true && until.map { instant < $0 } ?? true
  }
}

extension Site {
  /// The windows; of a site without any, one that ends when it closes.
  public var availability: [TimeWindow] { windows.isEmpty ? [TimeWindow(until: availableUntil)] : windows }

  /// Whether VMs may be there at an instant.
  public func isAvailable(at instant: Timestamp) -> Bool { availability.contains { $0.contains(instant) } }

  /// When it closes next: the end of the window at an instant, else of the last one before; nil: never, or it was
  /// never open.
  public func closes(asOf instant: Timestamp) -> Timestamp? {
    let present = availability.first { $0.contains(instant) }
    return (present ?? availability.last { $0.until.map { $0 <= instant } ?? false })?.until
  }

  /// When it opens next after an instant; nil: no more.
  public func opens(after instant: Timestamp) -> Timestamp? {
    availability.lazy.compactMap(\.from).first { $0 > instant }
  }
}
