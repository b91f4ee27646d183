internal import Model

extension QueryParameters {
  /// Names of one kind in a query, at most.
  static let mostNames = 10_000

  /// Reads names and values, in any order.
  ///
  /// - Throws: where a name isn't known or is given twice, a value can't be read, or they make no query together.
  public init(_ pairs: some Sequence<(name: String, value: String)>) throws(QueryParameterError) {
    var given: [String: [String]] = [:]
    for (name, value) in pairs {
      guard Self.names.contains(where: { $0.name == name }) else {
        throw QueryParameterError(
          "there is no parameter \(QueryParameterError.quoted(name)): there are "
            + Self.names.map { "`\($0.name)`" }.joined(separator: ", "))
      }
      guard given[name] == nil || Self.repeatable.contains(name) else {
        throw QueryParameterError("`\(name)` is given twice: it takes one value")
      }
      given[name, default: []].append(value)
    }
    self.init()
    let values = given.compactMapValues(\.first)
    answer = try Self.answer(values)
    span = try Self.span(values, answer)
    if let text = values["wait"] { wait = try Self.wait(text) }
    if let text = values["approximate"] { isApproximate = try Self.flag("approximate", text) }
    if let text = values["by"] { endpoints = try Self.choice("by", text, of: Endpoints.allCases) }
    if let text = values["format"] { format = try Self.choice("format", text, of: AnswerFormat.allCases) }
    vms = try Self.names("vm", given)
    hosts = try Self.names("host", given)
    sites = try Self.names("site", given)
    applications = try Self.names("application", given)
  }

  // MARK: - Span

  private static func span(_ values: [String: String], _ answer: Answer) throws(QueryParameterError) -> Span {
    guard values["start"] == nil, values["end"] == nil else {
      guard values["last"] == nil else { throw QueryParameterError("give `last`, or `start` and `end`") }
      guard let text = values["start"] else { throw QueryParameterError("`end` needs `start`") }
      let start = try time("start", text)
      guard let text = values["end"] else { return .interval(start: start, end: nil) }
      let end = try time("end", text)
      guard start <= end else { throw QueryParameterError("`start` is after `end`") }
      return .interval(start: start, end: end)
    }
    var weights: Int?
    if case .weights(let list) = answer { weights = list.count }
    guard let text = values["last"] else { return .last(weights ?? 1) }
    let span = try last(text)
    if case .last(let count) = span, let weights, weights != count {
      throw QueryParameterError("`weights` has \(weights) for \(count) periods: give one for each")
    }
    return span
  }

  private static func last(_ text: String) throws(QueryParameterError) -> Span {
    if let count = Int(text) {
      guard (1...TrafficQuery.largestSpan).contains(count) else {
        throw QueryParameterError("`last` is a count of periods from 1 to \(Numeral.grouped(TrafficQuery.largestSpan))")
      }
      return .last(count)
    }
    guard let nanoseconds = DurationText.nanoseconds(text), nanoseconds > 0 else {
      throw QueryParameterError(
        "`last` is \(QueryParameterError.quoted(text)): give a count of periods, or a length of time such as 10m")
    }
    return .lasting(nanoseconds)
  }

  private static func time(_ name: String, _ text: String) throws(QueryParameterError) -> Timestamp {
    guard let time = Timestamp(text) else {
      throw QueryParameterError(
        "`\(name)` is \(QueryParameterError.quoted(text)): give a time with its zone, such as 2026-11-24T15:46:00Z")
    }
    return time
  }

  // MARK: - Answer

  private static func answer(_ values: [String: String]) throws(QueryParameterError) -> Answer {
    let isWeighed = values["coefficient"] != nil || values["weights"] != nil
    switch values["answer"] {
    case nil where !isWeighed: return .detail
    case nil, "weighted": break
    case "detail" where !isWeighed: return .detail
    case "mean" where !isWeighed: return .mean
    case "detail", "mean": throw QueryParameterError("`coefficient` and `weights` go with `answer` weighted")
    case let text?:
      throw QueryParameterError("`answer` is \(QueryParameterError.quoted(text)): give detail, mean or weighted")
    }
    guard values["coefficient"] == nil || values["weights"] == nil else {
      throw QueryParameterError("give `coefficient` or `weights`")
    }
    if let text = values["weights"] { return .weights(try weights(text)) }
    guard let text = values["coefficient"] else { return .coefficient(2) }
    guard let coefficient = Double(text), coefficient.isFinite, coefficient > 0 else {
      throw QueryParameterError("`coefficient` is \(QueryParameterError.quoted(text)): give a number above 0")
    }
    return .coefficient(coefficient)
  }

  private static func weights(_ text: String) throws(QueryParameterError) -> [Double] {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
    guard numbers.allSatisfy({ $0.isFinite && $0 >= 0 }), numbers.contains(where: { $0 > 0 }) else {
      throw QueryParameterError(
        "`weights` is \(QueryParameterError.quoted(text)): give numbers of 0 or more, not all 0, with commas between: 1,1,2"
      )
    }
    guard numbers.count <= TrafficQuery.largestSpan else {
      throw QueryParameterError("`weights` has more than \(Numeral.grouped(TrafficQuery.largestSpan))")
    }
    return numbers
  }

  // MARK: - Others

  private static func wait(_ text: String) throws(QueryParameterError) -> Int64 {
    guard let wait = DurationText.nanoseconds(text), (0...86_400_000_000_000).contains(wait) else {
      throw QueryParameterError(
        "`wait` is \(QueryParameterError.quoted(text)): give a length of time from 0 to 24h, such as 5s")
    }
    return wait
  }

  /// A name alone says yes.
  private static func flag(_ name: String, _ text: String) throws(QueryParameterError) -> Bool {
    switch text {
    case "", "true": return true
    case "false": return false
    default: throw QueryParameterError("`\(name)` is \(QueryParameterError.quoted(text)): give true or false")
    }
  }

  private static func choice<Value: RawRepresentable<String>>(
    _ name: String, _ text: String, of all: [Value]
  ) throws(QueryParameterError) -> Value {
    if let value = Value(rawValue: text) { return value }
    throw QueryParameterError(
      "`\(name)` is \(QueryParameterError.quoted(text)): give one of " + all.map(\.rawValue).joined(separator: ", "))
  }

  private static func names(_ name: String, _ given: [String: [String]]) throws(QueryParameterError) -> [String] {
    let names = given[name] ?? []
    guard names.count <= mostNames else {
      throw QueryParameterError("`\(name)` is given more than \(Numeral.grouped(mostNames)) times")
    }
    guard !names.contains("") else { throw QueryParameterError("`\(name)` is empty: give a name") }
    return names
  }
}
