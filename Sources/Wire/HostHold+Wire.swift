package import Model

extension HostHold {
  package init(_ message: Transhumance_V1_Hold) {
    self.init(
      reason: message.reason.onOneLine, by: message.by.onOneLine, since: Timestamp(nanoseconds: message.since))
  }

  package var message: Transhumance_V1_Hold {
    var message = Transhumance_V1_Hold()
    message.reason = reason
    message.by = by
    message.since = since.nanoseconds
    return message
  }
}

extension Transhumance_V1_HostReport {
  /// Why the host is kept as it is; nil: it isn't.
  package var held: HostHold? { hasHold ? HostHold(hold) : nil }
}
