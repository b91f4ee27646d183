internal import Synchronization

/// Writes to the store, one after another in the order in which they were asked for: of two versions of a record the
/// newer stays.
package final class OrderedWrites: Sendable {
  private let last = Mutex<Task<Result<Void, any Error>, Never>?>(nil)

  package init() {}

  /// Begins when all that was asked for earlier has ended; whoever doesn't wait for it needn't.
  @discardableResult
  package func add(_ write: @escaping @Sendable () async throws -> Void) -> Task<Result<Void, any Error>, Never> {
    last.withLock { last in
      let before = last
      let task = Task<Result<Void, any Error>, Never> {
        _ = await before?.value
        do { return .success(try await write()) } catch { return .failure(error) }
      }
      last = task
      return task
    }
  }

  /// Returns when all that was asked for until now has ended.
  package func settle() async { _ = await last.withLock { $0 }?.value }
}
