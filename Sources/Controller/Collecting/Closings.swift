internal import Model
internal import Synchronization
internal import Traffic

/// Closed periods on their way to one reader, in the order of their closing. None is lost, however slow that is; of one
/// that is amended meanwhile the newest version alone waits.
final class Closings: Sendable {
  private let waiting = Mutex<[GlobalPeriod]>([])
  private let news: AsyncStream<Void>
  private let bell: AsyncStream<Void>.Continuation

  init() { (news, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1)) }

  func add(_ traffic: GlobalPeriod) {
    waiting.withLock { waiting in
      if let index = waiting.firstIndex(where: { $0.period == traffic.period }) {
        waiting[index] = traffic
      } else {
        waiting.append(traffic)
      }
    }
    bell.yield()
  }

  var stream: AsyncStream<GlobalPeriod> { AsyncStream { await self.next() } }

  /// Nil when its reader's task is cancelled.
  private func next() async -> GlobalPeriod? {
    while true {
      if let first = waiting.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return first }
      var news = news.makeAsyncIterator()
      guard await news.next() != nil else { return nil }
    }
  }
}
