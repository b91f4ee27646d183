internal import Model

/// What is held of each pair while packets come in.
struct PairState: Sendable {
  let key: PairKey
  /// The period that `rows` are of: its start divided by its length.
  var period: Int64
  var rows = PairRows()
  /// The pair's number among those whose waits are followed.
  var waits = Self.noWaits

  static let noWaits = UInt32.max

  init(key: PairKey, period: Int64) {
    self.key = key
    self.period = period
  }

  /// - Returns: ``waits``.
  @inline(__always)
  mutating func add(_ packet: Packet, isForward: Bool) -> UInt32 {
    if isForward { rows.forward.add(packet) } else { rows.backward.add(packet) }
    return waits
  }
}

extension PairCounts {
  @inline(__always)
  fileprivate mutating func add(_ packet: Packet) {
    packets &+= 1
    frameBytes &+= packet.frameBytes
    ipBytes &+= packet.ipBytes
  }
}
