import Foundation
import Model
import Storage
import Synchronization
import Traffic

/// A store that tells of calls before they are made and after they have been, and fails or waits as it is told.
final class HookedStore: Store {
  enum Call: Hashable, Sendable {
    case reports(Period)
    case report(host: String)
    case save(Period)
    case rollUp(Period)
    case set(String)
    case periods
    case traffic(Period)
  }

  enum Moment: Hashable, Sendable { case before, after }

  typealias Hook = @Sendable (Call, Moment) async throws -> Void

  private let base: any Store
  private let hook = Mutex<Hook?>(nil)

  init(_ base: any Store) { self.base = base }

  func onCalls(_ hook: @escaping Hook) { self.hook.withLock { $0 = hook } }

  private func hooked<Value>(_ call: Call, _ body: () async throws -> Value) async throws -> Value {
    try await hook.withLock { $0 }?(call, .before)
    let value = try await body()
    try await hook.withLock { $0 }?(call, .after)
    return value
  }

  func save(_ report: SensorReport) async throws -> Bool {
    try await hooked(.report(host: report.host)) { try await base.save(report) }
  }

  func reports(of period: Period) async throws -> [SensorReport] {
    try await hooked(.reports(period)) { try await base.reports(of: period) }
  }

  func save(_ traffic: GlobalPeriod) async throws {
    try await hooked(.save(traffic.period)) { try await base.save(traffic) }
  }

  func rollUp(_ traffic: GlobalPeriod) async throws {
    try await hooked(.rollUp(traffic.period)) { try await base.rollUp(traffic) }
  }

  func set(_ value: Data?, forKey key: String) async throws {
    try await hooked(.set(key)) { try await base.set(value, forKey: key) }
  }

  func periods(last count: Int, from start: Timestamp, to end: Timestamp) async throws -> [Period] {
    try await hooked(.periods) { try await base.periods(last: count, from: start, to: end) }
  }

  // MARK: - The rest

  func arrivals() async throws -> AsyncStream<ReportArrival> { try await base.arrivals() }
  func traffic(of period: Period, like previous: GlobalPeriod?) async throws -> GlobalPeriod? {
    try await hooked(.traffic(period)) { try await base.traffic(of: period, like: previous) }
  }
  func save(_ application: StoredApplication) async throws { try await base.save(application) }
  func removeApplication(named name: String) async throws { try await base.removeApplication(named: name) }
  func applications() async throws -> [StoredApplication] { try await base.applications() }
  func save(_ plan: StoredPlan) async throws { try await base.save(plan) }
  func plans(last count: Int, of application: String?) async throws -> [StoredPlan] {
    try await base.plans(last: count, of: application)
  }
  func append(_ events: [StoredEvent]) async throws { try await base.append(events) }
  func events(last count: Int) async throws -> [StoredEvent] { try await base.events(last: count) }
  func value(forKey key: String) async throws -> Data? { try await base.value(forKey: key) }
  func room() async throws -> StoreRoom { try await base.room() }
  func takeLease(as holder: String, for term: Duration, above epoch: Int64) async throws -> Lease? {
    try await base.takeLease(as: holder, for: term, above: epoch)
  }
  func renew(_ lease: Lease) async throws -> Lease { try await base.renew(lease) }
  func raiseEpoch(above epoch: Int64) async throws -> Int64 { try await base.raiseEpoch(above: epoch) }
  func release(_ lease: Lease) async throws { try await base.release(lease) }
  func leader() async throws -> Leader? { try await base.leader() }
  func leading(under lease: Lease) -> any Store { self }
}
