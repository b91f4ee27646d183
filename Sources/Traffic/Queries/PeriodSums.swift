public import Model

/// Sums of periods in a row, kept beside them, so that a mean over many periods adds up few.
public struct PeriodSums: Sendable {
  /// Periods in a sum.
  public static let size = 12

  struct Sum: Sendable {
    let span: Period
    let rows: PeriodRows
  }
  /// By the start of their spans.
  private var sums: [Timestamp: Sum] = [:]

  public init() {}

  /// The span of the sum in which a period belongs: a multiple of so many periods since 1970.
  private static func span(of period: Period) -> Period? {
    let (length, isTooLong) = period.length.multipliedReportingOverflow(by: Int64(size))
    return isTooLong ? nil : Period(containing: period.start, length: length)
  }

  /// A period has changed: its sum holds no more.
  public mutating func forget(_ period: Period) {
    if let span = Self.span(of: period) { sums[span.start] = nil }
  }

  /// Adds up what can be and isn't yet, and forgets what isn't held any more.
  ///
  /// - Parameter closed: all that is held, the oldest first.
  public mutating func complete(_ closed: [GlobalPeriod]) {
    let first = closed.first?.period.start ?? Timestamp(nanoseconds: .max)
    sums = sums.filter { $0.key >= first }
    var run: [GlobalPeriod] = []
    for period in closed {
      guard !period.isRolledUp, let span = Self.span(of: period.period), sums[span.start] == nil else {
        run = []
        continue
      }
      if let last = run.last, last.period.end != period.period.start || last.period.length != period.period.length {
        run = []
      }
      if run.isEmpty, period.period.start != span.start { continue }
      run.append(period)
      guard run.count == Self.size else { continue }
      if let rows = PeriodRows(adding: run.map(\.rows)) { sums[span.start] = Sum(span: span, rows: rows) }
      run = []
    }
  }

  /// The sum that begins with a period, if there is one.
  func sum(from period: Period) -> Sum? {
    guard let sum = sums[period.start], sum.span == Self.span(of: period) else { return nil }
    return sum
  }

  var rows: some Sequence<PeriodRows> { sums.values.lazy.map(\.rows) }

  /// Bytes in memory, but for the endpoints, which are shared.
  public var byteCount: Int { rows.reduce(0) { $0 + $1.byteCount } }
}
