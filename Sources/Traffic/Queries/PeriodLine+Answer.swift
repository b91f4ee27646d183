internal import Model

extension PeriodLine {
  /// Answers a query with what is held.
  ///
  /// Gaps are left out and listed; a mean is over the periods of the span that are there, a pair without a row in one of
  /// them counts 0 in it. Periods of another length count in a mean as if they had the present one.
  ///
  /// - Throws: where the query can't be meant.
  public func answer(_ query: TrafficQuery) throws(TrafficQueryError) -> TrafficAnswer {
    try query.check()
    let query = pinned(query) ?? query
    guard let slots = slots(of: query.span) else {
      // However long one waits.
      throw TrafficQueryError(
        "the span has more than \(Numeral.grouped(TrafficQuery.largestSpan)) periods: ask for its parts")
    }
    guard let first = slots.first?.period, let last = slots.last?.period else {
      return .handedBack(.init("no period has been collected yet", availableAt: availability(of: lastEnd)))
    }
    let open = slots.indices.filter { if case .open = slots[$0] { true } else { false } }
    var approximation: (source: GlobalPeriod, slots: ClosedRange<Int>)?
    if let firstOpen = open.first, let lastOpen = open.last {
      guard let source = source(for: firstOpen...lastOpen, of: slots, query) else {
        return .handedBack(refusal(open.map { slots[$0].period }, query))
      }
      approximation = (source, firstOpen...lastOpen)
    }
    let held = slots.enumerated().compactMap { position, slot -> HeldPeriod? in
      switch slot {
      case .closed(let traffic): HeldPeriod(position: position, period: traffic.period, traffic: traffic)
      case .open(let period):
        approximation.map { HeldPeriod(position: position, period: period, traffic: $0.source, isCopy: true) }
      case .gap: nil
      }
    }
    guard !held.isEmpty else { return .handedBack(.init("nothing is held of the span")) }
    if let refusal = refusal(ofWeights: query, held) { return .handedBack(refusal) }
    let gaps = slots.compactMap { if case .gap(let period) = $0 { period.start } else { nil as Timestamp? } }
    guard let content = try content(query, held, count: slots.count) else {
      return .handedBack(.init("nothing is held of the periods that have a weight"))
    }
    return .answered(
      TrafficStatistics(
        start: first.start, end: last.end,
        isExact: approximation == nil && gaps.isEmpty && held.allSatisfy(\.traffic.isComplete),
        approximation: approximation.map { source, range in
          .init(
            start: slots[range.lowerBound].period.start, end: slots[range.upperBound].period.end,
            from: source.period.start)
        },
        missingHosts: Set(held.flatMap(\.traffic.incompleteHosts)).sorted(), gaps: gaps,
        rolledUpUntil: held.last { $0.traffic.isRolledUp }?.period.end,
        unseen: query.places?.unseen(in: held.lazy.map(\.traffic)) ?? [], content: content))
  }

  /// Of several periods that were added up it isn't known any more what each had.
  private func refusal(ofWeights query: TrafficQuery, _ held: [HeldPeriod]) -> TrafficAnswer.Refusal? {
    switch query.answer {
    case .detail, .mean: return nil
    case .coefficient, .weights:
      guard let last = held.last(where: \.traffic.isRolledUp) else { return nil }
      return .init(
        "the periods before \(last.period.end) are rolled up into longer ones, so that they can't be weighed: ask for "
          + "a span from there on, or for the mean")
    }
  }

  /// The period that may stand for open ones: the one right before them, if all of them have begun and are in a row.
  private func source(for open: ClosedRange<Int>, of slots: [Slot], _ query: TrafficQuery) -> GlobalPeriod? {
    guard query.isApproximate, slots[open.upperBound].period.start <= now else { return nil }
    for index in open { guard case .open = slots[index] else { return nil } }
    let before = slots[open.lowerBound].period.start.advanced(byNanoseconds: -1)
    guard case .closed(let source) = slot(containing: before) else { return nil }
    return source
  }

  private func refusal(_ open: [Period], _ query: TrafficQuery) -> TrafficAnswer.Refusal {
    let end = open.last?.end ?? now
    let times = open.count == 1 ? "the period from \(open[0].start)" : "\(open.count) periods from \(open[0].start) on"
    let verb = open.count == 1 ? "is" : "are"
    let reason =
      (open.last?.start ?? now) > now
      ? "the span ends in the future: \(times) \(verb) not closed yet"
      : "\(times) \(verb) not closed yet" + (query.isApproximate ? ", and there is none right before to copy" : "")
    return TrafficAnswer.Refusal(
      reason, missingHosts: Set(open.flatMap { awaited[$0] ?? [] }).sorted(),
      availableAt: end.advanced(byNanoseconds: grace))
  }

  private func availability(of end: Timestamp) -> Timestamp {
    end.advanced(byNanoseconds: length).advanced(byNanoseconds: grace)
  }
}

/// A period that takes part in an answer.
struct HeldPeriod {
  /// In the span, from 0, gaps included.
  var position: Int
  var period: Period
  var traffic: GlobalPeriod
  /// Whether the traffic is another period's.
  var isCopy = false
}
