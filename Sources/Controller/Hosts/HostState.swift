package import Model
package import Wire

/// What the controller knows of a host from its connection.
package struct HostState: Sendable {
  package var name: String
  package var isConnected = false
  /// Of the agent's last start.
  package var incarnation: UInt64 = 0
  package var version = ""
  /// Of the messages, that the controller speaks with it; 0: it was never connected.
  package var protocolVersion: UInt32 = 0
  /// The sensor's period, nanoseconds; 0: not known.
  package var periodNanoseconds: Int64 = 0
  /// By the controller's clock; nil: never.
  package var heard: Timestamp?
  /// As its last greetings tell; nil: it was never connected.
  package var clock: HostClock?
  /// By how much the host's clock is ahead of the controller's, seconds.
  package var clockOffsetSeconds: Double? { clock?.offset }
  /// The latest; nil: none yet.
  package var report: HostReport?
  /// Of the newest period of which a report was taken.
  package var latestPeriod: Timestamp?
  /// Reports of the incarnation that the host threw away, by the newest report that was taken.
  package var lostReports: UInt64 = 0

  init(name: String) { self.name = name }
}

/// What has changed about hosts. A watcher that falls behind misses the oldest: the states in force are in
/// `HostRegistry.hosts`.
package enum HostChange: Sendable {
  /// Also after a connection took the place of another.
  case connected(host: String)
  case disconnected(host: String, reason: String)
  /// The host has told its state, which is in the registry.
  case reported(host: String)
  /// Its clock has been read: why its reports aren't taken; nil: they are.
  case clock(host: String, problem: String?)
}
