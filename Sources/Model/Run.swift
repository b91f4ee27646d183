/// What tells when a run of an application ends, where its remaining time isn't stated, or beside that.
public struct Run: Hashable, Sendable {
  /// When it began.
  public var started: Timestamp?
  /// How long earlier runs took, from start to end, hours.
  public var earlierHours: [Double]
  /// How many messages its VMs exchange in a whole run.
  public var totalMessages: Double?
  /// How many of them they have exchanged until now.
  public var sentMessages: Double?
  /// When the job ends it that it runs in, done or not.
  public var jobEnds: Timestamp?
  /// What was seen of it beside the traffic; nil: nothing. No document says so, the loop does.
  public var seen: Seen?

  public init(
    started: Timestamp? = nil, earlierHours: [Double] = [], totalMessages: Double? = nil, sentMessages: Double? = nil,
    jobEnds: Timestamp? = nil, seen: Seen? = nil
  ) {
    self.started = started
    self.earlierHours = earlierHours
    self.totalMessages = totalMessages
    self.sentMessages = sentMessages
    self.jobEnds = jobEnds
    self.seen = seen
  }

  /// What a loop knows that has looked after an application for some time.
  public struct Seen: Hashable, Sendable {
    /// Since when `remainingHours` counts.
    public var statedAt: Timestamp
    /// Messages between its VMs in each of the latest periods, per second; the oldest first.
    public var rates: [Double]
    /// Of each of those periods.
    public var periodSeconds: Double
    /// How many of `sentMessages` weren't counted, but taken from the rate.
    public var guessedMessages: Double

    public init(statedAt: Timestamp, rates: [Double] = [], periodSeconds: Double = 0, guessedMessages: Double = 0) {
      self.statedAt = statedAt
      self.rates = rates
      self.periodSeconds = periodSeconds
      self.guessedMessages = guessedMessages
    }
  }
}
