internal import Documents
package import Foundation
package import Model
package import Planning

/// An application that the controller looks after.
package struct ManagedApplication: Sendable {
  package var application: Application
  /// As it was applied, to be kept.
  package var source: Source
  /// Why nothing is done about it; nil: it is looked after.
  package var paused: String?
  /// Why the newest version of its document isn't in force; nil: it is.
  package var problem: String?
  /// Periods that began earlier tell of another placement, or another application.
  package var since: Timestamp?
  /// Plans that failed, one after another.
  package var failures = 0
  /// Nil: plans are made.
  package var rest: Rest?
  /// What the loop last made of it.
  package var latest: Deliberation.Decision?
  package var decided: Timestamp?
  /// What staying has lost; of this controller alone: another one counts anew.
  package var memory = ActionMemory()
  /// How far its run has come; nil: it was taken over by a controller that didn't count.
  package var progress: RunProgress?

  /// What `apply` was given.
  package struct Source: Codable, Hashable, Sendable {
    package var file: String
    package var document: Data
    package var templates: [String: String]
    package var mode: String?
    package var paused: String?
    package var since: Int64?
    package var failures: Int
    package var rest: Rest?
    /// Who applied it; nil: that isn't known.
    package var by: String?
    package var progress: RunProgress?
  }

  /// A time in which nothing is proposed, so that what has failed or was turned down isn't tried again at once. It ends
  /// early where what plans are made of changes: the application, the federation, the hosts in use.
  package struct Rest: Codable, Hashable, Sendable {
    /// Nanoseconds since 1970.
    package var until: Int64
    package var reason: String

    package init(until: Timestamp, reason: String) {
      self.until = until.nanoseconds
      self.reason = reason
    }
  }

  package init(_ application: Application, source: Source) {
    self.application = application
    self.source = source
    paused = source.paused
    since = source.since.map(Timestamp.init(nanoseconds:))
    failures = source.failures
    rest = source.rest
    progress = source.progress
  }

  /// What is kept of it.
  package var kept: Source {
    var kept = source
    kept.paused = paused
    kept.since = since?.nanoseconds
    kept.failures = failures
    kept.rest = rest
    kept.progress = progress
    return kept
  }

  /// Until when nothing is tried after so many failures: 30 s, doubled by each, an hour at most.
  package static func rest(afterFailures failures: Int) -> Double {
    ActionRules().rest(afterFailures: failures)
  }

  /// The first name or address that two applications both claim; an address of one may not be a VM's of the other.
  package func overlap(with other: Application) -> String? {
    let own = Set(application.vms.flatMap { Endpoint.all(named: $0.name, addresses: $0.addresses) })
    return other.vms.lazy.flatMap { Endpoint.all(named: $0.name, addresses: $0.addresses) }
      .first(where: own.contains)?.description
  }
}
