internal import Model

/// Two addresses of one family in the order of their numbers: what both directions between two machines have in common.
struct PairKey: Equatable, Sendable {
  var firstHigh: UInt64
  var firstLow: UInt64
  var secondHigh: UInt64
  var secondLow: UInt64
  var isV6: Bool

  /// - Returns: the key, and whether `source` is its first address.
  @inline(__always)
  static func of(_ source: IPAddress, _ destination: IPAddress) -> (key: PairKey, isForward: Bool) {
    let isForward = (source.high, source.low) <= (destination.high, destination.low)
    let (first, second) = isForward ? (source, destination) : (destination, source)
    let key = PairKey(
      firstHigh: first.high, firstLow: first.low, secondHigh: second.high, secondLow: second.low,
      isV6: source.family == .v6)
    return (key, isForward)
  }

  var first: IPAddress { isV6 ? IPAddress(v6High: firstHigh, low: firstLow) : IPAddress(v4: UInt32(firstLow)) }
  var second: IPAddress { isV6 ? IPAddress(v6High: secondHigh, low: secondLow) : IPAddress(v4: UInt32(secondLow)) }

  /// A hash that nobody who doesn't know `seed` can steer: folded multiplication, as in wyhash
  /// (https://github.com/wangyi-fudan/wyhash).
  @inline(__always)
  func hash(seed: (UInt64, UInt64)) -> UInt32 {
    var hash = Self.mix(firstLow ^ seed.0, secondLow ^ seed.1)
    if isV6 { hash = Self.mix(firstHigh ^ hash, secondHigh ^ seed.0) }
    return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
  }

  @inline(__always)
  static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}
