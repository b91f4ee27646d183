import Foundation
import Storage
import Testing

enum StoreKind: String, CaseIterable, Sendable { case sqlite, postgres }

/// Where the stores of a test are.
struct StorePlace: Sendable {
  var kind: StoreKind
  /// A file's path, or a database's address.
  var address: String

  /// What was written before is there.
  func open(retainedPeriods: Int? = nil) async throws -> any Store {
    switch kind {
    case .sqlite: try SQLiteStore(path: address, retainedPeriods: retainedPeriods)
    case .postgres: try await PostgresStore(connection: address, retainedPeriods: retainedPeriods, timing: .test)
    }
  }

  /// Opens a store, leads until the body has ended, and gives the lead back.
  func lead(retainedPeriods: Int? = nil, _ body: (any Store) async throws -> Void) async throws {
    let store = try await open(retainedPeriods: retainedPeriods)
    let lease = try #require(try await store.takeLease(as: "test", for: .seconds(3600), above: 0))
    try await body(store.leading(under: lease))
    try await store.release(lease)
  }
}

extension PostgresStore.Timing {
  /// Looks often.
  static var test: Self {
    var timing = Self()
    timing.interval = .milliseconds(20)
    return timing
  }

  /// Gives up soon.
  static var impatient: Self {
    var timing = Self()
    timing.patience = .seconds(1)
    return timing
  }
}

/// A place of a test's own, empty at first, removed afterwards.
func withStorePlace(_ kind: StoreKind, _ body: (StorePlace) async throws -> Void) async throws {
  switch kind {
  case .sqlite:
    try await withTemporaryFolder { try await body(StorePlace(kind: kind, address: $0 + "/controller.db")) }
  case .postgres:
    try PostgresServer.require()
    try await body(StorePlace(kind: kind, address: try PostgresServer.shared.get().newDatabase()))
  }
}
