import Lab
import Testing

@Suite struct WANScheduleTests {
  @Test func givesTheEarliestOfAllPaths() {
    // From a: 10 ms; from b: 3 ms; from c: 5 ms.
    var schedule = WANSchedule(siteCount: 3) { source, _ in WANLine(latency: [10, 3, 5][source] * 1_000_000) }
    #expect(schedule.nextDue == nil)
    #expect(schedule.admit(WANPacket(buffer: 0, bytes: 100), from: 0, to: 2, at: 0) == true)
    #expect(schedule.admit(WANPacket(buffer: 1, bytes: 100), from: 1, to: 2, at: 0) == true)
    #expect(schedule.admit(WANPacket(buffer: 2, bytes: 100), from: 2, to: 0, at: 0) == true)
    #expect(schedule.nextDue == 3_000_000)
    var order: [[Int]] = []
    while let (packet, destination) = schedule.next(at: 20_000_000) {
      order.append([Int(packet.buffer), destination, Int(packet.due)])
    }
    #expect(order == [[1, 2, 3_000_000], [2, 0, 5_000_000], [0, 2, 10_000_000]])
    #expect(schedule.next(at: .max) == nil)
  }

  @Test func changesOneDirectionAlone() {
    var schedule = WANSchedule(siteCount: 2) { _, _ in WANLine(latency: 0) }
    schedule.change(from: 0, to: 1, at: 0, lost: { _ in }, { $0.isCut = true })
    #expect(schedule.admit(WANPacket(buffer: 0, bytes: 100), from: 0, to: 1, at: 0) == false)
    #expect(schedule.admit(WANPacket(buffer: 0, bytes: 100), from: 1, to: 0, at: 0) == true)
  }

  /// Whatever is sent and changed, in any order: each packet comes once or is lost once, in the order of sending, never
  /// before it is due, and no buffer is forgotten.
  @Test(arguments: 0..<40)
  func losesTrackOfNoPacket(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var schedule = WANSchedule(siteCount: 3) { _, _ in WANLine(latency: 1_000_000, bandwidth: 10e6) }
    var now: UInt64 = 0
    var held: Set<Int32> = []
    var lastFrom: [Int: Int32] = [:]
    var number: Int32 = 0
    for _ in 0..<2000 {
      now += UInt64.random(in: 0...500_000, using: &random)
      let source = Int.random(in: 0..<3, using: &random)
      let destination = (source + Int.random(in: 1..<3, using: &random)) % 3
      switch Int.random(in: 0..<20, using: &random) {
      case 0:
        let lost = { (packet: WANPacket) in
          #expect(held.remove(packet.buffer) != nil)
          return
        }
        schedule.change(from: source, to: destination, at: now, lost: lost) {
          $0.latency = UInt64.random(in: 0...5_000_000, using: &random)
          $0.bandwidth = Bool.random(using: &random) ? nil : Double.random(in: 1e5...1e8, using: &random)
          $0.isCut = Int.random(in: 0..<4, using: &random) == 0
        }
      case 1..<14:
        // The pair is part of the number, to be known again on arrival.
        number += 1
        let packet = WANPacket(buffer: number * 3 + Int32(source), bytes: Int32.random(in: 20...1500, using: &random))
        if schedule.admit(packet, from: source, to: destination, at: now) { held.insert(packet.buffer) }
      default:
        while let (packet, destination) = schedule.next(at: now) {
          #expect(packet.due <= now)
          #expect(held.remove(packet.buffer) != nil)
          let pair = Int(packet.buffer % 3) * 3 + destination
          #expect(lastFrom[pair, default: -1] < packet.buffer)
          lastFrom[pair] = packet.buffer
        }
        if let due = schedule.nextDue { #expect(due > now) }
      }
    }
    while let (packet, _) = schedule.next(at: .max) { #expect(held.remove(packet.buffer) != nil) }
    #expect(held.isEmpty)
  }
}

/// Steele, Lea, Flood: *Fast splittable pseudorandom number generators*, 2014. The same numbers for the same seed.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
