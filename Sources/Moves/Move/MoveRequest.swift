/// What is to be moved where, and within what limits.
public struct MoveRequest: Codable, Hashable, Sendable {
  /// Unique for ever; goes with every message about the move, so that late ones of another move do no harm.
  public var identifier: String
  public var vm: String
  public var from: String
  public var to: String
  /// All other hosts, the destination too or not.
  public var peers: [String]
  /// It was paused before, and stays so.
  public var isPaused: Bool
  /// Gives up when a further pass over the memory begins; nil: never.
  public var maximumRounds: Int?
  /// Gives up if the VM doesn't stand still after so long; nil: never.
  public var timeoutSeconds: Double?
  /// Who asked for it; nil: that isn't known.
  public var by: String?

  public init(
    identifier: String, vm: String, from: String, to: String, peers: [String] = [], isPaused: Bool = false,
    maximumRounds: Int? = nil, timeoutSeconds: Double? = nil, by: String? = nil
  ) {
    self.identifier = identifier
    self.vm = vm
    self.from = from
    self.to = to
    self.peers = peers
    self.isPaused = isPaused
    self.maximumRounds = maximumRounds
    self.timeoutSeconds = timeoutSeconds
    self.by = by
  }

  /// Whom a new entry is sent, the destination first.
  var audience: [String] { [to] + peers.filter { $0 != to && $0 != from } }

  /// Within what a `Duration` can hold; nil: none (also for what is no number).
  var timeout: Duration? {
    guard let seconds = timeoutSeconds, seconds.isFinite, seconds > 0 else { return nil }
    return .seconds(min(seconds, 1e9))
  }
}
