/// The right to lead, for a time. By its epoch the store and the hosts know whether it still is the latest.
package struct Lease: Hashable, Sendable {
  package var holder: String
  /// More than that of every lease before.
  package var epoch: Int64
  package var term: Duration
  /// Until then nobody else has it, as long as the clocks of this machine and of the database go equally fast. What
  /// asks for the lead after that may be refused; what must not be done by two asks the store.
  package var validUntil: ContinuousClock.Instant

  package init(holder: String, epoch: Int64, term: Duration, validUntil: ContinuousClock.Instant) {
    self.holder = holder
    self.epoch = epoch
    self.term = term
    self.validUntil = validUntil
  }
}

/// Who leads.
package struct Leader: Hashable, Sendable {
  package var holder: String
  package var epoch: Int64

  package init(holder: String, epoch: Int64) {
    self.holder = holder
    self.epoch = epoch
  }
}
