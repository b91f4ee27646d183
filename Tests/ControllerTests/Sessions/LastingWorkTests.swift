import Controller
import Storage
import Synchronization
import Testing

/// What a controller that stands by does again when it fails.
struct LastingWorkTests {
  @Test func itIsBegunAnewEverMoreSeldom() async {
    let pauses = Mutex<[Duration]>([])
    var failures = 0
    var attempts = 0
    await LastingWork { pause in pauses.withLock { $0.append(pause) } }.run { error in
      #expect((error as? StoreError)?.code == .unreachable)
      failures += 1
    } _: { isWell in
      attempts += 1
      // The ninth time all is well, for a while.
      if attempts == 9 { isWell() }
      if attempts < 11 { throw StoreError(.unreachable, "the database is away") }
    }
    #expect(failures == 10)
    #expect(pauses.withLock { $0 } == ([1, 2, 4, 8, 16, 32, 60, 60, 1, 2] as [Int]).map { Duration.seconds($0) })
  }

  @Test func whatIsCancelledEnds() async {
    let work = Task {
      await LastingWork { _ in try await Task.sleep(for: .seconds(3600)) }.run(failed: { _ in }) { _ in
        throw StoreError(.unreachable, "the database is away")
      }
    }
    work.cancel()
    await work.value
  }
}
