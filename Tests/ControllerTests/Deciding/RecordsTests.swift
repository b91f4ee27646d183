import Controller
import Model
import Synchronization
import Testing

/// What is kept and told of changes.
struct RecordsTests {
  @Test func anEditOfTheFederationIsToldInWords() {
    let before = World.federation
    var after = before
    after.sites[0].price.vmHour = 0.5
    after.sites[0].hosts.removeLast()
    after.sites[1].availableUntil = Timestamp(nanoseconds: 1_800_000_000_000_000_000)
    after.sites.append(Site(name: "c", hosts: [Host(name: "c1")]))
    #expect(
      before.changes(in: after) == [
        "a: prices 0 → 0.5 a VM and hour", "host a2 is gone", "b: closes at 2027-01-15T08:00:00Z", "site c is new",
      ])
    #expect(before.changes(in: before).isEmpty)
    after.sites.removeFirst()
    #expect(before.changes(in: after).first == "site a is gone")
  }

  @Test func writesKeepTheOrderInWhichTheyWereAskedFor() async throws {
    let writes = OrderedWrites()
    let (gate, opening) = AsyncStream.makeStream(of: Void.self)
    let written = Mutex<[Int]>([])
    writes.add {
      for await _ in gate { break }
      written.withLock { $0.append(1) }
    }
    writes.add { throw World.Gone() }
    let last = writes.add { written.withLock { $0.append(2) } }
    opening.yield()
    try await last.value.get()
    #expect(written.withLock { $0 } == [1, 2])
  }
}
