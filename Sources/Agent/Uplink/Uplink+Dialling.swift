internal import GRPCCore
internal import Logging

/// Which controller is dialled, and how long it is stayed with.
extension Uplink {
  /// Between two looks at whether a controller, of several, still says something.
  private static let look = Duration.milliseconds(200)
  /// Looks after which one that has greeted is taken to be gone: more than two of its welcomes are missing,
  private static let patience = 12
  /// and one that hasn't.
  private static let greetingPatience = 15

  /// Runs until cancelled.
  package func run() async {
    var successor: UplinkSession?
    while !Task.isCancelled {
      let session = successor ?? dial(redialling.turn)
      successor = await stay(with: session)
      guard successor == nil, !Task.isCancelled else { continue }
      let controller = controllers[session.turn]
      let reason = "no controller at \(controller): \(session.reason ?? "it doesn't answer")"
      let (wait, isTold) = redialling.lose(because: reason)
      if isTold {
        let count = await reports.count
        logger.warning("\(reason)", metadata: ["reportsKept": "\(count)"])
      }
      if wait > .zero { try? await clock.sleep(for: wait) }
    }
    successor?.leave()
  }

  private func dial(_ turn: Int) -> UplinkSession {
    let session = UplinkSession(turn: turn)
    session.begin({ try await connect($0) }, reason: { $0.dialReason })
    return session
  }

  /// Returns when the session is over; or when its controller says nothing any more, and another has greeted: with the
  /// session of that.
  private func stay(with session: UplinkSession) async -> UplinkSession? {
    await withTaskCancellationHandler {
      guard controllers.count > 1 else {
        await session.settle()
        return nil
      }
      while await isSilent(session) {
        guard session.isGreeted else { break }
        if let successor = await successor(of: session) {
          session.leave()
          return successor
        }
      }
      session.leave()
      return nil
    } onCancel: {
      session.leave()
    }
  }

  /// - Returns: whether nothing is heard over it; false when it is over.
  private func isSilent(_ session: UplinkSession) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        await session.ended()
        return false
      }
      group.addTask { await silence(of: session) }
      defer { group.cancelAll() }
      return await group.next() ?? false
    }
  }

  /// - Returns: true when nothing is heard any more; false when cancelled.
  private func silence(of session: UplinkSession) async -> Bool {
    var (seen, silent) = (session.heard, 0)
    while (try? await clock.sleep(for: Self.look)) != nil {
      let heard = session.heard
      silent = heard == seen ? silent + 1 : 0
      seen = heard
      let patience = !session.isGreeted ? Self.greetingPatience : session.isPaced ? Self.patience : .max
      if silent >= patience { return true }
    }
    return false
  }

  /// Dials the other controllers while nothing is heard of the session's: it may be slow, and then the others don't
  /// serve.
  ///
  /// - Returns: the session of another that has greeted; nil when something is heard again, or the session is over.
  private func successor(of session: UplinkSession) async -> UplinkSession? {
    let seen = session.heard
    func isSilent() -> Bool { !Task.isCancelled && session.reason == nil && session.heard == seen }
    let news = "the controller at \(controllers[session.turn]) says nothing any more: others are dialled"
    if redialling.isNews(news) { logger.warning("\(news)") }
    while isSilent() {
      for step in 1..<controllers.count where isSilent() {
        let other = dial((session.turn + step) % controllers.count)
        var looks = 0
        while isSilent(), other.reason == nil, looks < 4 * Self.greetingPatience {
          if other.isGreeted { return other }
          looks += 1
          try? await clock.sleep(for: Self.look / 4)
        }
        other.leave()
      }
      try? await clock.sleep(for: Redialling.handover * Double.random(in: 0.8...1.2))
    }
    return nil
  }
}

extension Error {
  /// What a person is told of a controller that can't be reached.
  fileprivate var dialReason: String {
    guard let error = self as? RPCError else { return "\(self)" }
    return error.message.isEmpty ? "\(error.code)" : error.message
  }
}
