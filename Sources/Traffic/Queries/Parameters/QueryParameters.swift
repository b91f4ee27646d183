public import Model

/// A query as somebody writes it, on the command line or in a URL: names and values, which are the same in both.
public struct QueryParameters: Hashable, Sendable {
  public var span = Span.last(1)
  /// How long to wait for periods that aren't closed, nanoseconds: 0 to a day.
  public var wait: Int64 = 0
  /// Whether what isn't closed by then may be taken to be like the period before it.
  public var isApproximate = false
  public var answer = Answer.detail
  /// What rows are between.
  public var endpoints = Endpoints.pair
  /// Only rows of these VMs (or other endpoints), of VMs at these hosts, at these sites; all empty: of all.
  public var vms: [String] = []
  public var hosts: [String] = []
  public var sites: [String] = []
  /// Only rows of VMs of any of them, of those that the others choose; empty: of all.
  public var applications: [String] = []
  /// nil: not said.
  public var format: AnswerFormat?

  public enum Span: Hashable, Sendable {
    /// So many periods, up to the last that has ended.
    case last(Int)
    /// As many of the last periods as are so long together, nanoseconds.
    case lasting(Int64)
    /// All periods with an instant in it; without an end, those that have ended.
    case interval(start: Timestamp, end: Timestamp?)
  }

  public enum Answer: Hashable, Sendable {
    case detail
    case mean
    /// Each period weighs so many times the one before it.
    case coefficient(Double)
    /// Of the periods of the span, the oldest first.
    case weights([Double])

    /// As it is written.
    public var name: String {
      switch self {
      case .detail: "detail"
      case .mean: "mean"
      case .coefficient, .weights: "weighted"
      }
    }
  }

  public enum Endpoints: String, CaseIterable, Hashable, Sendable { case pair, host, site, application }

  /// The detail of the last period.
  public init() {}

  /// Names of all parameters, and what their values are.
  public static let names: [(name: String, value: String)] = [
    ("start", "a time: 2026-11-24T15:46:00Z"), ("end", "a time"), ("last", "periods, or a length of time: 10, 10m"),
    ("wait", "a length of time: 5s"), ("approximate", "true or false"), ("answer", "detail, mean or weighted"),
    ("coefficient", "a number above 0"), ("weights", "a number for each period: 1,1,2"),
    ("by", "pair, host, site or application"), ("vm", "a name"), ("host", "a name"), ("site", "a name"),
    ("application", "a name"), ("format", AnswerFormat.allCases.map(\.rawValue).joined(separator: ", ")),
  ]
  /// Those that may be given more than once.
  public static let repeatable: Set<String> = ["vm", "host", "site", "application"]
}
