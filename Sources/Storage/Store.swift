package import FoundationEssentials
package import Model
package import Traffic

/// What controllers remember over their ends. Each call that changes something returns once that is on disk; all of
/// them throw `StoreError`.
///
/// Several controllers may share a database. Any of them reads, takes reports and tells events; merged periods,
/// applications, plans and settings are the leader's, which writes them through `leading(under:)`. A report that another
/// than the leader has taken is one that it may not have seen: it isn't acknowledged.
package protocol Store: Sendable {
  /// - Returns: false where a report of that host, incarnation and sequence is there already, which stays as it is.
  @discardableResult
  func save(_ report: SensorReport) async throws -> Bool

  /// What is saved from now on, by any controller; at least once for each time that a caller was told of a new report.
  func arrivals() async throws -> AsyncStream<ReportArrival>

  /// Reports of that period that its merged traffic doesn't have, in the order of host, incarnation and sequence.
  func reports(of period: Period) async throws -> [SensorReport]

  /// The newest periods of which there are reports or that were merged, oldest first: at most `count` of those that
  /// begin at `start` or later and before `end`.
  func periods(last count: Int, from start: Timestamp, to end: Timestamp) async throws -> [Period]

  /// Keeps the traffic of a period in the place of the reports that it is made of, and of what was kept of the period
  /// before. That these were there is remembered. The leader's.
  func save(_ traffic: GlobalPeriod) async throws

  /// Keeps periods that were added up in the place of all that is kept of their span; of its reports nothing is
  /// remembered. The leader's.
  func rollUp(_ traffic: GlobalPeriod) async throws

  /// Nil where none was kept.
  ///
  /// - Parameter previous: whose endpoints it shares where they are the same.
  func traffic(of period: Period, like previous: GlobalPeriod?) async throws -> GlobalPeriod?

  /// Adds an application, or replaces the one of its name. The leader's.
  func save(_ application: StoredApplication) async throws
  /// Forgets it; no error where it isn't there. The leader's.
  func removeApplication(named name: String) async throws
  /// By name.
  func applications() async throws -> [StoredApplication]

  /// Adds a plan, or replaces the one of its identifier. The leader's.
  func save(_ plan: StoredPlan) async throws
  /// The latest `count` in the order in which they were created, of one application or of all.
  func plans(last count: Int, of application: String?) async throws -> [StoredPlan]

  /// Adds events, in the order of their coming; the oldest go where there are more than ``StoredEvent/retained``.
  ///
  /// Any controller's: they tell what one has seen and done, nobody acts on them, and the last words of one that has
  /// lost the lead are those that an operator wants.
  func append(_ events: [StoredEvent]) async throws
  /// The latest `count`, the oldest of them first.
  func events(last count: Int) async throws -> [StoredEvent]

  /// Sets, or with nil removes, what is kept under a key. The leader's.
  func set(_ value: Data?, forKey key: String) async throws
  func value(forKey key: String) async throws -> Data?

  /// What it takes and what is left for it.
  func room() async throws -> StoreRoom

  // MARK: - Leading

  /// Takes the lead, if nobody has it.
  ///
  /// - Parameters:
  ///   - holder: what others find the leader by.
  ///   - term: for how long, unless it is renewed.
  ///   - epoch: the highest that hosts have heard of; a database that was made anew goes on from there.
  /// - Returns: nil while another controller has it.
  func takeLease(as holder: String, for term: Duration, above epoch: Int64) async throws -> Lease?
  /// The lease for another term, with the epoch that it has now, which a leader's store goes on with. Also one that has
  /// run out, if nobody has taken it since.
  func renew(_ lease: Lease) async throws -> Lease
  /// Has the lease that this store leads under go on with an epoch above that one, of which hosts have heard: a
  /// database that was made anew has forgotten its leaders, hosts haven't. Nothing where it is above already.
  ///
  /// - Returns: the lease's epoch.
  func raiseEpoch(above epoch: Int64) async throws -> Int64
  /// Gives it back, so that another can lead at once; nothing where another has it already.
  func release(_ lease: Lease) async throws
  /// Who has a lease that hasn't run out.
  func leader() async throws -> Leader?

  /// The same store for a leader. What is the leader's is refused there (`notLeading`) once another has taken the
  /// lease, in the same transaction.
  func leading(under lease: Lease) -> any Store
}

extension Store {
  /// All plans, in the order in which they were created.
  package func plans() async throws -> [StoredPlan] { try await plans(last: .max, of: nil) }
}

/// How much a store takes, and has left. Bytes.
package struct StoreRoom: Hashable, Sendable {
  package var used: Int64
  /// On its disk; nil: that is another machine's, which isn't known.
  package var free: Int64?

  package init(used: Int64, free: Int64?) {
    self.used = used
    self.free = free
  }
}

/// An application that the controller has taken over.
package struct StoredApplication: Hashable, Sendable {
  package var name: String
  /// As it was given.
  package var document: String
  /// Whatever its keeper wants to find again.
  package var settings: Data

  package init(name: String, document: String, settings: Data = Data()) {
    self.name = name
    self.document = document
    self.settings = settings
  }
}

/// A plan as its keeper encoded it.
package struct StoredPlan: Hashable, Sendable {
  package var identifier: String
  package var application: String
  package var created: Timestamp
  package var content: Data

  package init(identifier: String, application: String, created: Timestamp, content: Data) {
    self.identifier = identifier
    self.application = application
    self.created = created
    self.content = content
  }
}

/// Something that has happened, as its keeper encoded it.
package struct StoredEvent: Hashable, Sendable {
  package var time: Timestamp
  package var content: Data

  /// So many are kept, about a week's of a controller with one application and periods of 30 s.
  package static let retained = 20_000

  package init(time: Timestamp, content: Data) {
    self.time = time
    self.content = content
  }
}
