/// A small generator of pseudo-random numbers, so that one seed gives one result on every machine and with every
/// version of the standard library (Steele, Lea and Flood, *Fast splittable pseudorandom number generators*, OOPSLA
/// 2014).
package struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) {
    state = seed
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  /// A number in 0 ..< `bound`, which must be more than 0 (biased by less than `bound` / 2⁶⁴).
  package mutating func next(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number in 0 ..< 1, of 2⁵³ equally likely ones.
  package mutating func nextShare() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// The numbers 0 ..< `count` in random order.
  package mutating func permutation(of count: Int) -> [Int32] {
    var numbers = [Int32](0..<Int32(count))
    var last = count - 1
    while last > 0 {
      numbers.swapAt(last, next(below: last + 1))
      last -= 1
    }
    return numbers
  }
}
