public import Model

/// What an operator, or the loop, wants to know of the traffic of some periods.
public struct TrafficQuery: Hashable, Sendable {
  public var span: Span
  public var answer: Answer
  /// Whether periods at the end that aren't closed may be taken to be like the one before them.
  public var isApproximate: Bool
  /// Only rows of which an end is one of these; nil: all.
  public var endpoints: Set<Endpoint>?
  /// Only rows of which an end is (also) there; nil: all.
  public var places: Places?
  /// What rows are between.
  public var grouping: Grouping

  public enum Span: Hashable, Sendable {
    /// The last periods that have ended, none before the first that is held.
    case last(Int)
    /// As many of the last periods as make up so many nanoseconds, by the length in force.
    case lasting(Int64)
    /// All periods with an instant in it; with end = start the one that contains it. The last may be running.
    case interval(start: Timestamp, end: Timestamp)
    /// All from the one that contains it to the last that has ended, if there is one.
    case since(Timestamp)
  }

  public enum Answer: Hashable, Sendable {
    case detail
    case mean
    /// Each period weighs so many times the one before it.
    case coefficient(Double)
    /// Of the periods of the span, the oldest first.
    case weights([Double])
  }

  /// The exact detail of all endpoints unless said.
  public init(
    span: Span, answer: Answer = .detail, isApproximate: Bool = false, endpoints: Set<Endpoint>? = nil,
    places: Places? = nil, grouping: Grouping = .asCounted
  ) {
    self.span = span
    self.answer = answer
    self.isApproximate = isApproximate
    self.endpoints = endpoints
    self.places = places
    self.grouping = grouping
  }

  /// Periods in a span, at most.
  public static let largestSpan = 20_000

  /// - Throws: where it makes no sense, whatever is held.
  public func check() throws(TrafficQueryError) {
    switch span {
    case .last(let count):
      guard count > 0 else { throw TrafficQueryError("the last 0 periods are none") }
    case .lasting(let nanoseconds):
      guard nanoseconds > 0 else { throw TrafficQueryError("a span of \(nanoseconds) ns has no periods") }
    case .since: break
    case .interval(let start, let end):
      guard start <= end else { throw TrafficQueryError("the span ends (\(end)) before it begins (\(start))") }
    }
    switch answer {
    case .detail, .mean: break
    case .coefficient(let coefficient):
      guard coefficient.isFinite, coefficient > 0 else { throw TrafficQueryError("a coefficient is a number above 0") }
    case .weights(let weights):
      guard weights.allSatisfy({ $0.isFinite && $0 >= 0 }), weights.contains(where: { $0 > 0 }) else {
        throw TrafficQueryError("weights are numbers of at least 0, one of them more")
      }
      if case .last(let count) = span, weights.count != count {
        throw TrafficQueryError("\(weights.count) weights for \(count) periods: give as many weights as periods")
      }
    }
  }
}

/// A query that can't be meant.
public struct TrafficQueryError: Error, Hashable, CustomStringConvertible {
  public var description: String

  package init(_ description: String) { self.description = description }
}
