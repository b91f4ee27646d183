internal import Model

extension LiveCounter {
  /// With fewer packets in a period a pair makes room for others where room is short.
  static let leastPackets: UInt64 = 16

  /// Begins the next period: nothing counted; what belongs to taps that have gone is forgotten, and where more than half of
  /// the room is taken, so are pairs that said little.
  mutating func makeRoom() {
    let isShort = endpoints.addresses > limits.addresses / 2 || pairs.count > limits.pairs / 2
    var hasGone = false
    for number in 0..<taps.count {
      taps[number].spoofed = 0
      if taps[number].state != .vacant, !taps[number].remains(after: end) { hasGone = true }
    }
    if isShort || hasGone { rebuild(isShort: isShort) }
    for place in 0..<pairs.count {
      pairs[place].sent = Volume()
      pairs[place].received = Volume()
    }
    for number in 0..<taps.count where !taps[number].remains(after: end) {
      taps[number].state = taps[number].state == .detached ? .gone : .vacant
    }
  }

  /// Makes all tables anew with what is to stay.
  private mutating func rebuild(isShort: Bool) {
    var oldPairs = ChunkedArray<LivePair>()
    var oldWaits = ChunkedArray<LiveWaits>()
    swap(&oldPairs, &pairs)
    swap(&oldWaits, &waits)
    index = IndexTable()
    var known = LiveEndpoints(limit: limits.addresses, fixed: fixed, seed: decoderSeed)
    swap(&known, &endpoints)
    for number in 0..<taps.count where taps[number].state != .vacant {
      taps[number].endpoint = endpoints.number(ofName: known[taps[number].endpoint].description)
    }
    nameMachines()
    for place in 0..<oldPairs.count {
      let pair = oldPairs[place]
      let stays = pair.packets >= Self.leastPackets || !(isShort && known.isAddress(pair.key.lower))
      guard !pair.key.isGroup, stays, taps[Int(pair.key.upper)].remains(after: end) else { continue }
      let peer = endpoints.number(like: pair.key.lower, of: known)
      let new = self.place(of: LivePair.Key(tap: Int(pair.key.upper), peer: peer))
      if pair.waits != LivePair.noWaits {
        pairs[new].waits = UInt32(waits.count)
        waits.append(oldWaits[Int(pair.waits)])
      }
    }
  }
}
