/// Turns the time stamps of a pcapng interface into nanoseconds since 1970-01-01T00:00:00Z.
///
/// The options if_tsresol and if_tsoffset of draft-ietf-opsawg-pcapng §4.2: units of 10⁻ⁿ or 2⁻ⁿ seconds, and whole
/// seconds to add.
struct InterfaceClock: Hashable {
  private let isBinary: Bool
  private let exponent: UInt8
  private let offset: Int128
  /// Nanoseconds of a unit where that is a whole number and there is no offset: nearly always. Else 0.
  private let factor: UInt64

  /// - Parameter resolution: n, with the upper bit set for powers of two.
  init(resolution: UInt8, offsetSeconds: Int64) {
    isBinary = resolution & 0x80 != 0
    exponent = resolution & 0x7f
    offset = Int128(offsetSeconds) * 1_000_000_000
    factor = isBinary || exponent > 9 || offsetSeconds != 0 ? 0 : UInt64(Self.powerOfTen(9 - exponent))
  }

  /// Rounded down; held at the ends of what 64 bits can count.
  @inline(__always)
  func nanoseconds(of ticks: UInt64) -> Int64 {
    if factor != 0 {
      let (product, overflow) = ticks.multipliedReportingOverflow(by: factor)
      if !overflow, let time = Int64(exactly: product) { return time }
    }
    return exactly(ticks)
  }

  private func exactly(_ ticks: UInt64) -> Int64 {
    let since: UInt128 =
      if isBinary {
        // 64 bits and 30 bits for 10⁹ fit; a shift by more than there are leaves 0.
        (UInt128(ticks) * 1_000_000_000) >> UInt128(exponent)
      } else if exponent <= 9 {
        UInt128(ticks) * UInt128(Self.powerOfTen(9 - exponent))
      } else if exponent <= 28 {
        UInt128(ticks) / UInt128(Self.powerOfTen(exponent - 9))
      } else {
        0  // not even the largest number of such units makes a nanosecond
      }
    return Int64(clamping: Int128(since) + offset)
  }

  private static func powerOfTen(_ exponent: UInt8) -> UInt64 {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }
}
