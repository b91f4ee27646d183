internal import Model
internal import Synchronization
internal import Traffic

/// Closed periods on their way to one reader, in the order of their closing; of one that is amended meanwhile the
/// newest version alone waits. For a reader that takes none any more no more wait than there are in memory anyway.
final class Closings: Sendable {
  private struct State {
    var waiting: [GlobalPeriod] = []
    /// Whether some were dropped since its reader had all.
    var isBehind = false
  }
  private let state = Mutex(State())
  private let news: AsyncStream<Void>
  private let bell: AsyncStream<Void>.Continuation

  init() {
    (news, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  /// - Parameter most: that wait from now on; beyond, the oldest are dropped.
  /// - Returns: whether its reader has fallen so far behind just now that one was dropped.
  func add(_ traffic: GlobalPeriod, most: Int) -> Bool {
    defer { bell.yield() }
    return state.withLock { state in
      if let index = state.waiting.firstIndex(where: { $0.period == traffic.period }) {
        state.waiting[index] = traffic
      } else {
        state.waiting.append(traffic)
      }
      guard state.waiting.count > most else { return false }
      state.waiting.removeFirst(state.waiting.count - most)
      defer { state.isBehind = true }
      return !state.isBehind
    }
  }

  private func first() -> GlobalPeriod? {
    state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.isBehind = false
        return nil
      }
      return state.waiting.removeFirst()
    }
  }

  var stream: AsyncStream<GlobalPeriod> { AsyncStream { await self.next() } }

  /// Nil when its reader's task is cancelled.
  private func next() async -> GlobalPeriod? {
    while true {
      if let first = first() { return first }
      var news = news.makeAsyncIterator()
      guard await news.next() != nil else { return nil }
    }
  }
}
