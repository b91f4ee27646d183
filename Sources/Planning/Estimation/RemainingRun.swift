/// How long a run still takes at the present placement (a first placement: on speed 1.0, never waiting), by one source.
public struct RemainingRun: Hashable, Sendable {
  /// What it is known from.
  public enum Source: String, Hashable, Sendable, Encodable {
    /// `remainingHours`.
    case stated
    /// Messages left of a stated total, at the rate that is seen.
    case messages
    /// Those earlier runs that took longer than this one has gone on.
    case earlierRuns
    /// The end of the job that it runs in: at most so long.
    case jobLimit
    /// As long again as it has gone on, since it has outlived all that was known of its end.
    case age
  }

  public var source: Source
  public var seconds: Double
  /// One standard deviation, seconds; nil: how far off it may be isn't known.
  public var errorSeconds: Double?
  /// What it was concluded from, in words with figures.
  public var basis: String

  public init(source: Source, seconds: Double, errorSeconds: Double? = nil, basis: String) {
    self.source = source
    self.seconds = seconds
    self.errorSeconds = errorSeconds
    self.basis = basis
  }

  func later(by seconds: Double) -> Self {
    var later = self
    later.seconds = max(0, self.seconds - seconds)
    return later
  }

  /// `6 h ± 1.2 h`, `at most 6 h`, `10 h`.
  public var words: String {
    let length = Words.duration(seconds)
    if source == .jobLimit { return "at most \(length)" }
    return length + (errorSeconds.map { " ± \(Words.duration($0))" } ?? "")
  }
}

extension RemainingRun: Encodable {
  enum CodingKeys: String, CodingKey { case source, seconds, errorSeconds, basis }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(source, forKey: .source)
    try container.encode(seconds, forKey: .seconds)
    // `null` where it isn't known, not left out.
    try container.encode(errorSeconds, forKey: .errorSeconds)
    try container.encode(basis, forKey: .basis)
  }
}
