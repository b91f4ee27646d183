import Foundation
import Model
import Storage
import Testing
import Traffic

@Suite struct SQLiteStoreTests {
  private static let ever = (start: Timestamp(nanoseconds: .min), end: Timestamp(nanoseconds: .max))

  @Test func reportsAreTakenOnceAndFoundAgain() async throws {
    try await withTemporaryFolder { folder in
      let path = folder + "/controller.db"
      let reports = [
        SensorReport.sample(sequence: 1), .sample(host: "b1", incarnation: .max, sequence: .max),
        .sample(sequence: 2, period: 1),
      ]
      do {
        let store = try SQLiteStore(path: path)
        for report in reports { #expect(try await store.save(report)) }
        #expect(try await !store.save(.sample(sequence: 1, packets: 8)))
      }
      let store = try SQLiteStore(path: path)
      #expect(try await !store.save(reports[1]))
      #expect(try await store.reports(of: .sample(0)) == Array(reports[0...1]))
      #expect(try await store.reports(of: .sample(1)) == [reports[2]])
      #expect(try await store.reports(of: .sample(2)) == [])
      #expect(
        try await store.periods(last: 9, from: Self.ever.start, to: Self.ever.end) == [.sample(0), .sample(1)])
      #expect(
        try await store.periods(last: 1, from: Self.ever.start, to: Period.sample(1).start) == [.sample(0)])
    }
  }

  @Test func reportsOfManyHostsAtOnceAreAllKept() async throws {
    try await withTemporaryFolder { folder in
      let store = try SQLiteStore(path: folder + "/controller.db")
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for host in 0..<600 { group.addTask { try await store.save(.sample(host: "h\(host % 300)", sequence: 1)) } }
        let new = try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        #expect(new == 300)
      }
      #expect(try await store.reports(of: .sample(0)).count == 300)
    }
  }

  @Test func onlyTheNewestPeriodsAreRetained() async throws {
    try await withTemporaryFolder { folder in
      let store = try SQLiteStore(path: folder + "/controller.db", retainedPeriods: 2)
      for (sequence, period) in [0, 1, 5, 7].enumerated() {
        for host in ["a1", "b1"] {
          try await store.save(.sample(host: host, sequence: UInt64(sequence + 1), period: Int64(period)))
        }
        try await store.save(PeriodClosing(period: .sample(Int64(period)), expectedHosts: ["a1"]))
      }
      #expect(
        try await store.periods(last: 9, from: Self.ever.start, to: Self.ever.end) == [.sample(5), .sample(7)])
      #expect(try await store.closing(of: .sample(1)) == nil)
      #expect(try await store.closing(of: .sample(5))?.expectedHosts == ["a1"])
    }
  }

  @Test func applicationsPlansAndSettingsAreReplacedByName() async throws {
    try await withTemporaryFolder { folder in
      let path = folder + "/controller.db"
      do {
        let store = try SQLiteStore(path: path)
        try await store.save(StoredApplication(name: "mg", document: "name: mg"))
        try await store.save(StoredApplication(name: "cg", document: "name: cg"))
        try await store.save(StoredApplication(name: "cg", document: "name: cg\n", settings: Data([1, 0])))
        try await store.save(StoredApplication(name: "is", document: ""))
        try await store.removeApplication(named: "is")
        for number in [3, 1, 2] as [Int64] {
          try await store.save(
            StoredPlan(
              identifier: "p\(number)", application: number == 2 ? "mg" : "cg", created: .init(nanoseconds: number),
              content: Data([UInt8(number)])))
        }
        try await store.set(Data("x".utf8), forKey: "paused")
        try await store.set(Data(), forKey: "empty")
        try await store.set(Data("y".utf8), forKey: "paused")
        try await store.set(Data("z".utf8), forKey: "gone")
        try await store.set(nil, forKey: "gone")
      }
      let store = try SQLiteStore(path: path)
      #expect(
        try await store.applications() == [
          StoredApplication(name: "cg", document: "name: cg\n", settings: Data([1, 0])),
          StoredApplication(name: "mg", document: "name: mg"),
        ])
      #expect(try await store.plans().map(\.identifier) == ["p1", "p2", "p3"])
      #expect(try await store.plans(last: 1, of: "cg").map(\.content) == [Data([3])])
      #expect(try await store.value(forKey: "paused") == Data("y".utf8))
      #expect(try await store.value(forKey: "empty") == Data())
      #expect(try await store.value(forKey: "gone") == nil)
    }
  }
}
