/// Something that a hypervisor tells by itself.
package struct HypervisorEvent: Sendable {
  /// When libvirt's callback ran in this process.
  package var at: ContinuousClock.Instant
  package var kind: Kind

  package enum Kind: Sendable {
    case lifecycle(DomainIdentity, Lifecycle)
    /// A migration begins its nth pass over memory, n from 1. Comes at the source alone.
    case migrationIteration(DomainIdentity, Int)
    /// A job ended well, with its final statistics. Comes at the source of a migration.
    case jobCompleted(DomainIdentity, JobStatistics)
    /// The connection is gone and won't come back; no event follows. What happened meanwhile must be read anew from
    /// another connection.
    case connectionClosed(CloseReason)
  }

  package enum CloseReason: Int32, Sendable {
    case error = 0
    case endOfFile = 1
    /// The daemon answered none of the keepalive messages.
    case keepalive = 2
    case client = 3
  }
}

/// What names a domain.
package struct DomainIdentity: Hashable, Sendable {
  package var name: String
  /// Lower case, with hyphens.
  package var uuid: String

  package init(name: String, uuid: String) {
    self.name = name
    self.uuid = uuid
  }
}
