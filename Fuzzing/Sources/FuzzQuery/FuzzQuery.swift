internal import Model
internal import Traffic

/// A query's parameters, `name=value&name=value`: a query that can be meant, or words on one line for whoever wrote it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer passes the start and length of its buffer.
  let input = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  let pairs = input.split(separator: UInt8(ascii: "&")).map { pair in
    let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
    let texts = parts.map { String(decoding: $0, as: UTF8.self) }
    return (name: texts[0], value: texts.count > 1 ? texts[1] : "")
  }
  do {
    check(try QueryParameters(pairs))
  } catch {
    let words = error.description { "--\($0)" }
    precondition(!words.isEmpty && words.utf8.count < 4096 && !words.contains("\n"))
  }
  return 0
}

/// The query makes sense, and is answered, with whatever: here nothing is held.
private func check(_ query: QueryParameters) {
  precondition((0...86_400_000_000_000).contains(query.wait))
  precondition(!query.vms.contains("") && !query.applications.contains(""))
  let span: TrafficQuery.Span =
    switch query.span {
    case .last(let count): .last(count)
    case .lasting(let nanoseconds): .lasting(nanoseconds)
    case .interval(let start, let end): end.map { .interval(start: start, end: $0) } ?? .since(start)
    }
  let answer: TrafficQuery.Answer =
    switch query.answer {
    case .detail: .detail
    case .mean: .mean
    case .coefficient(let coefficient): .coefficient(coefficient)
    case .weights(let weights): .weights(weights)
    }
  let asked = TrafficQuery(span: span, answer: answer, isApproximate: query.isApproximate)
  do {
    try asked.check()
    let line = PeriodLine(
      closed: [], length: 3_600_000_000_000, grace: 5_000_000_000,
      now: Timestamp(nanoseconds: 1_795_535_160_000_000_000))
    guard case .handedBack(let refusal) = try line.answer(asked) else { preconditionFailure("nothing is held") }
    precondition(!refusal.reason.isEmpty)
  } catch {
    // More than can be meant at once.
    precondition(!error.description.isEmpty)
  }
}
