internal import Model

extension LiveCounter {
  /// Periods without a frame, between one that ends and the next with a frame, that are reported. More are a jump of the
  /// clock, and none of them is.
  static let longestSilence = 120

  /// Closes all periods that end at that time or earlier.
  public mutating func advance(to time: Int64) {
    if time >= end { enterPeriod(of: time) }
  }

  /// Begins anew at that time, since the clock was set. Both the period that it leaves and the one that it enters are
  /// incomplete.
  public mutating func restart(at time: Int64, because reason: String) {
    incomplete = reason
    // By the new clock that time may be far ahead.
    for number in 0..<taps.count where taps[number].state == .detached {
      taps[number].until = min(taps[number].until, time)
    }
    if time >= start && time < end { return }
    close()
    (start, end) = Self.bounds(of: time, length: periodLength)
    incomplete = reason
  }

  /// Closes the present period, which is incomplete unless it ends at that time.
  public mutating func finish(at time: Int64) {
    advance(to: time)
    if time > start {
      incomplete = incomplete ?? "the sensor was stopped within it"
      for number in 0..<taps.count where taps[number].state == .attached {
        taps[number].state = .detached
        taps[number].until = time
      }
      close()
    }
  }

  /// The periods that were closed since the last call, in order.
  public mutating func takeClosed() -> [SensedPeriod] {
    if closed.isEmpty { return [] }
    defer { closed = [] }
    return closed
  }

  /// A packet of an earlier period is late, and counts in the present one.
  @inline(never)
  mutating func enterPeriod(of time: Int64) {
    // Of the last period that can be told nothing is left.
    if time < start || end == .max {
      late &+= 1
      return
    }
    close()
    let next = Self.bounds(of: time, length: periodLength)
    let distance = (next.start &- end) / periodLength
    if distance < 0 || distance > Self.longestSilence {
      (start, end) = next
      incomplete = "the clock was set within it, or the sensor stood still before it"
      return
    }
    while time >= end && end < .max {
      (start, end) = Self.bounds(of: end, length: periodLength)
      if time >= end && end < .max { close() }
    }
  }

  /// Moves what was counted in the present period to ``closed``.
  private mutating func close() {
    var rows = LiveRows()
    var lateComers: Set<UInt32> = []
    for place in 0..<pairs.count {
      let pair = pairs[place]
      guard pair.packets > 0 else { continue }
      let (upper, lower) = (pair.key.upper, pair.key.lower)
      if pair.key.isGroup {
        rows.addReceived(upper, lower, pair.received.counts())
      } else {
        let tap = taps[Int(upper)]
        if tap.state == .gone { lateComers.insert(tap.endpoint) }
        let end = takeEndCounts(of: pair, isLast: !tap.remains(after: self.end))
        if pair.sent.packets > 0 { rows.addSent(tap.endpoint, lower, pair.sent.counts()) }
        if pair.received.packets > 0 || end != EndCounts() {
          rows.addReceived(lower, tap.endpoint, pair.received.counts(end))
        }
      }
    }
    closed.append(
      SensedPeriod(
        period: Period(start: Timestamp(nanoseconds: start), length: periodLength), incomplete: incomplete,
        accounting: accounting, late: late, vms: sensedVMs(lateComers),
        received: rows.received(endpoints), sent: rows.sent(endpoints)))
    (accounting, late, incomplete) = (Accounting(), 0, nil)
    makeRoom()
  }

  private mutating func takeEndCounts(of pair: LivePair, isLast: Bool) -> EndCounts {
    guard pair.waits != LivePair.noWaits else { return EndCounts() }
    if isLast { waits[Int(pair.waits)].end.close() }
    return waits[Int(pair.waits)].end.takeCounts()
  }

  /// - Parameter lateComers: VMs that had gone before the period, and yet have something in it.
  private func sensedVMs(_ lateComers: Set<UInt32>) -> [SensedPeriod.VM] {
    var spoofed: [String: UInt64] = [:]
    for number in 0..<taps.count {
      let tap = taps[number]
      switch tap.state {
      case .vacant: continue
      case .gone where tap.spoofed == 0 && !lateComers.contains(tap.endpoint): continue
      case .attached, .detached, .gone: spoofed[endpoints[tap.endpoint].description, default: 0] += tap.spoofed
      }
    }
    return spoofed.sorted { $0.key < $1.key }.map { SensedPeriod.VM(name: $0.key, spoofed: $0.value) }
  }
}
