/// Which controller is dialled next, when, and what is told of it.
///
/// A greeting proves nothing: a controller whose disk is full greets, and ends the connection at each report. One that
/// has acknowledged a report, or kept the connection for ``lasting``, is dialled at once when it is lost, and its
/// failures are told anew.
///
/// Of several controllers another takes the place of one that is gone, within seconds: for half a minute they are all
/// dialled ever again, and only then more seldom.
package struct Redialling {
  package static let lasting = Duration.seconds(30)
  /// Before the next round of several controllers, within a fifth,
  package static let handover = Duration.milliseconds(500)
  /// for so many rounds.
  private static let handoverRounds = 60
  /// So many reasons are told apart, in case each is another one.
  private static let longestMemory = 100

  private let count: Int
  /// Index of the controller that is dialled.
  package private(set) var turn = 0
  private var backoff = Backoff()
  private var toldReasons: Set<String> = []
  /// Since it last proved itself.
  private var greetings = 0
  private var rounds = 0
  /// Controllers that were dialled since the last wait.
  private var dialled = 0

  /// - Parameter controllers: how many there are, at least one.
  package init(controllers: Int = 1) { count = max(1, controllers) }

  /// A controller has greeted, which another one may be than that whose turn it was.
  ///
  /// - Returns: whether that is to be told.
  package mutating func greet(turn: Int = 0) -> Bool {
    self.turn = turn
    dialled = 0
    greetings += 1
    return greetings == 1
  }

  /// It has acknowledged a report, or kept the connection for ``lasting``.
  /// - Returns: whether that is to be told, since its greeting wasn't.
  package mutating func prove() -> Bool {
    let wasUntold = greetings > 1
    backoff.reset()
    (toldReasons, greetings, rounds) = ([], 0, 0)
    return wasUntold
  }

  /// There is no connection to the controller whose turn it is, or no more: it is the next one's.
  /// - Returns: how long to wait before, and whether the reason is to be told.
  package mutating func lose(
    because reason: String, using generator: inout some RandomNumberGenerator
  ) -> (wait: Duration, isTold: Bool) {
    let isTold = isNews(reason)
    turn = (turn + 1) % count
    dialled += 1
    guard dialled >= count else { return (.zero, isTold) }
    dialled = 0
    rounds += 1
    let wait = backoff.next(using: &generator)
    guard count > 1, rounds <= Self.handoverRounds else { return (wait, isTold) }
    return (min(wait, Self.handover * Double.random(in: 0.8...1.2, using: &generator)), isTold)
  }

  /// - Returns: whether it is to be told, which it isn't a second time.
  package mutating func isNews(_ reason: String) -> Bool {
    if toldReasons.count >= Self.longestMemory { toldReasons = [] }
    return toldReasons.insert(reason).inserted
  }
}
