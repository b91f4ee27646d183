import Dispatch
import Testing
import Trust

/// Work that blocks, away from the threads that tasks share.
@Suite struct FileWorkTests {
  private struct Failure: Error {}

  /// A piece holds its own thread until it is let go; one more than may wait is refused at once.
  @Test func moreThanMayWaitAreRefused() async throws {
    let work = FileWork("test", atMost: 1)
    let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
    let gate = DispatchSemaphore(value: 0)
    async let first = work.run {
      beginning.yield()
      gate.wait()
      return 1
    }
    _ = await begun.first { true }
    await #expect(throws: FileWork.Busy.self) { _ = try await work.run { 2 } }
    gate.signal()
    let done = try await first
    #expect(done == 1)
    // There is room again, also after a failure.
    await #expect(throws: Failure.self) { try await work.run { throw Failure() } }
    let next = try await work.run { 3 }
    #expect(next == 3)
  }
}
