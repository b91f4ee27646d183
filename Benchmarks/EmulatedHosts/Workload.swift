import Model
import Traffic

/// Traffic that is made up, always the same for a seed.
///
/// VMs are spread over hosts in turns. So many with numbers in a row are an application, in which each has the same
/// number of partners, as far as that comes out even; none talks to another application's. All that is sent arrives, so
/// that either end's count is the pair's.
struct Workload: Sendable {
  let hosts: Int
  let vms: Int
  /// VMs of an application.
  let applicationVMs: Int
  /// One a direction.
  let pairs: Int
  let seed: UInt64
  /// By how many places partners are apart.
  private let strides: [Int]

  /// - Parameters: each at least 1; `vms` a multiple of `applicationVMs`; `pairs` at most
  ///   `vms × (applicationVMs − 1)`.
  init(hosts: Int, vms: Int, applicationVMs: Int, pairs: Int, seed: UInt64) {
    (self.hosts, self.vms, self.applicationVMs, self.pairs) = (hosts, vms, applicationVMs, pairs)
    self.seed = seed
    var generator = Mixer(state: seed)
    var chosen: Set<Int> = []
    var strides: [Int] = []
    while strides.count < (pairs + vms - 1) / vms {
      let stride = Int.random(in: 1..<applicationVMs, using: &generator)
      if chosen.insert(stride).inserted { strides.append(stride) }
    }
    self.strides = strides
  }

  static func hostName(_ host: Int) -> String { "h\(host + 1)" }
  static func vmName(_ vm: Int) -> String { "vm\(vm + 1)" }

  func host(of vm: Int) -> Int { vm % hosts }

  /// VMs at a host.
  func vms(of host: Int) -> [Int] { Array(stride(from: host, to: vms, by: hosts)) }

  func source(of pair: Int) -> Int { pair % vms }

  func destination(of pair: Int) -> Int {
    let (application, place) = source(of: pair).quotientAndRemainder(dividingBy: applicationVMs)
    return application * applicationVMs + (place + strides[pair / vms]) % applicationVMs
  }

  /// As the destination's host counts it.
  func counts(of pair: Int, in period: Period) -> PairCounts {
    let time = Mixer.mix(UInt64(bitPattern: period.start.nanoseconds))
    var generator = Mixer(state: seed ^ Mixer.mix(UInt64(pair) ^ time))
    let draw = generator.next()
    let packets = 1 + draw % 1000
    let ipBytes = packets * (52 + draw >> 32 % 1449)
    return PairCounts(
      packets: packets, frameBytes: ipBytes + 14 * packets, ipBytes: ipBytes, rounds: packets / 4,
      windows: packets / 256, lag: -Int64(packets / 512), turns: packets / 4, matched: packets / 8, runs: packets / 16,
      shares: packets * 10)
  }

  /// As the source's host does, which can't tell what waits there.
  static func sent(_ counts: PairCounts) -> PairCounts {
    PairCounts(packets: counts.packets, frameBytes: counts.frameBytes, ipBytes: counts.ipBytes)
  }
}

/// SplitMix64 (Steele, Lea and Flood, *Fast splittable pseudorandom number generators*, OOPSLA 2014).
struct Mixer: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    defer { state &+= 0x9e37_79b9_7f4a_7c15 }
    return Self.mix(state)
  }

  static func mix(_ number: UInt64) -> UInt64 {
    var mixed = number &+ 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
