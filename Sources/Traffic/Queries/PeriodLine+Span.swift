public import Model

extension PeriodLine {
  /// The periods of a span, oldest first; nil where there are more than a query may have.
  func slots(of span: TrafficQuery.Span) -> [Slot]? {
    switch span {
    case .last(let count): last(count)
    case .lasting(let nanoseconds): last(count(lasting: nanoseconds))
    case .interval(let start, let end): interval(start, end)
    // Where none has ended since: the one that contains it, which isn't closed.
    case .since(let start): interval(start, max(start, lastEnd))
    }
  }

  private func count(lasting nanoseconds: Int64) -> Int { Int((nanoseconds - 1) / length) + 1 }

  private func last(_ count: Int) -> [Slot]? {
    guard let first = firstStart else { return [] }
    var slots: [Slot] = []
    var end = lastEnd
    while slots.count < count, end > first {
      guard slots.count < TrafficQuery.largestSpan else { return nil }
      let slot = slot(containing: end.advanced(byNanoseconds: -1))
      slots.append(slot)
      end = slot.period.start
    }
    return slots.reversed()
  }

  private func interval(_ start: Timestamp, _ end: Timestamp) -> [Slot]? {
    let last = end > start ? end.advanced(byNanoseconds: -1) : end
    var slots: [Slot] = []
    var next = start
    repeat {
      guard slots.count < TrafficQuery.largestSpan else { return nil }
      let slot = slot(containing: next)
      slots.append(slot)
      // At the end of the range a period can't end later than it begins.
      guard slot.period.end > next else { break }
      next = slot.period.end
    } while next <= last
    return slots
  }

  /// What of the line a query may need: from where on, and how many periods at most.
  ///
  /// A collector that keeps older periods elsewhere brings them in first. What may stand for periods that aren't closed
  /// is the one before them, which is the last that is held.
  public func reach(of query: TrafficQuery) -> (start: Timestamp, count: Int) {
    switch query.span {
    case .last(let count): (Timestamp(nanoseconds: .min), count)
    case .lasting(let nanoseconds): (Timestamp(nanoseconds: .min), count(lasting: nanoseconds))
    case .interval(let start, _), .since(let start): (Period(containing: start, length: length).start, .max)
    }
  }

  /// The query with its span as of now, which stays the same while time goes on; nil where there are no periods in it.
  public func pinned(_ query: TrafficQuery) -> TrafficQuery? {
    guard let slots = slots(of: query.span), let first = slots.first, let last = slots.last else { return nil }
    var query = query
    // Where fewer periods are held than were asked for, the newest have their weights.
    if case .weights(let weights) = query.answer {
      switch query.span {
      case .last: query.answer = .weights(weights.suffix(slots.count))
      case .lasting(let nanoseconds) where weights.count == count(lasting: nanoseconds):
        query.answer = .weights(weights.suffix(slots.count))
      case .lasting, .interval, .since: break
      }
    }
    query.span = .interval(start: first.period.start, end: last.period.end)
    return query
  }

  /// When the last period of a query's span ends, before which it can't be closed; nil where it has no periods.
  public func lastEnd(of query: TrafficQuery) -> Timestamp? { slots(of: query.span)?.last?.period.end }
}
