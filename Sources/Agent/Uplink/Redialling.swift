/// When the controller is dialled again, and what is told of it.
///
/// A greeting proves nothing: a controller whose disk is full greets, and ends the connection at each report. One that
/// has acknowledged a report, or kept the connection for ``lasting``, is dialled at once when it is lost, and its
/// failures are told anew.
package struct Redialling {
  package static let lasting = Duration.seconds(30)
  /// So many reasons are told apart, in case each is another one.
  private static let longestMemory = 100

  private var backoff = Backoff()
  private var toldReasons: Set<String> = []
  /// Since it last proved itself.
  private var greetings = 0

  package init() {}

  /// The controller has greeted.
  /// - Returns: whether that is to be told.
  package mutating func greet() -> Bool {
    greetings += 1
    return greetings == 1
  }

  /// It has acknowledged a report, or kept the connection for ``lasting``.
  /// - Returns: whether that is to be told, since its greeting wasn't.
  package mutating func prove() -> Bool {
    let wasUntold = greetings > 1
    backoff.reset()
    (toldReasons, greetings) = ([], 0)
    return wasUntold
  }

  /// There is no connection, or no more.
  /// - Returns: how long to wait before the next attempt, and whether the reason is to be told.
  package mutating func lose(
    because reason: String, using generator: inout some RandomNumberGenerator
  ) -> (wait: Duration, isTold: Bool) {
    (backoff.next(using: &generator), isNews(reason))
  }

  /// - Returns: whether it is to be told, which it isn't a second time.
  package mutating func isNews(_ reason: String) -> Bool {
    if toldReasons.count >= Self.longestMemory { toldReasons = [] }
    return toldReasons.insert(reason).inserted
  }
}
