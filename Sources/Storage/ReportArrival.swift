package import Model
internal import Synchronization

/// That new reports of a period have been saved.
package struct ReportArrival: Hashable, Sendable {
  package var period: Period
  /// Through this store; otherwise by another controller that shares the database.
  package var isOwn: Bool

  package init(period: Period, isOwn: Bool) {
    self.period = period
    self.isOwn = isOwn
  }
}

/// Tells all who listen what this store has saved.
final class ArrivalHub: Sendable {
  private struct State {
    var last = 0
    var listeners: [Int: AsyncStream<ReportArrival>.Continuation] = [:]
  }
  private let state = Mutex(State())

  /// The buffer has no bound, since what is lost in it would be missing from sums; an element is of some ten bytes.
  ///
  /// - Parameter feeding: yields what else there is, until the stream ends.
  func listen(
    _ feeding: (@Sendable (AsyncStream<ReportArrival>.Continuation) async -> Void)? = nil
  ) -> AsyncStream<ReportArrival> {
    let (stream, continuation) = AsyncStream.makeStream(of: ReportArrival.self)
    let number = state.withLock { state in
      state.last += 1
      state.listeners[state.last] = continuation
      return state.last
    }
    let feeder = feeding.map { feeding in Task { await feeding(continuation) } }
    continuation.onTermination = { [weak self] _ in
      feeder?.cancel()
      self?.forget(number)
    }
    return stream
  }

  private func forget(_ number: Int) { _ = state.withLock { $0.listeners.removeValue(forKey: number) } }

  /// - Parameter areNew: of each row, whether it was saved now.
  func tell(_ rows: [ReportRow], areNew: [Bool]) {
    let periods = Set(zip(rows, areNew).lazy.filter(\.1).map(\.0.period))
    guard !periods.isEmpty else { return }
    state.withLock { state in
      for listener in state.listeners.values {
        for period in periods.sorted() { listener.yield(ReportArrival(period: period, isOwn: true)) }
      }
    }
  }
}
