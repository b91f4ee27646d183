import Lab
import Testing

/// Times by hand, in microseconds from the clock's start at a second.
@Suite struct WANPathTests {
  private let start: UInt64 = 1_000_000_000

  private func packet(_ number: Int32, bytes: Int32 = 1000) -> WANPacket { WANPacket(buffer: number, bytes: bytes) }

  private func microseconds(_ count: UInt64) -> UInt64 { count * 1000 }

  /// All that come until then, as (number, microseconds after the start).
  private func arrivals(_ path: inout WANPath, until end: UInt64) -> [[UInt64]] {
    var list: [[UInt64]] = []
    while let packet = path.next(at: start + microseconds(end)) {
      list.append([UInt64(packet.buffer), (packet.due - start) / 1000])
    }
    return list
  }

  @Test func delaysByTheLatencyAndKeepsTheOrder() {
    var path = WANPath(WANLine(latency: microseconds(20_000)))
    for number in 0..<3 {
      #expect(path.admit(packet(Int32(number)), at: start + microseconds(UInt64(number) * 10)) == true)
    }
    #expect(path.nextDue == start + microseconds(20_000))
    #expect(arrivals(&path, until: 19_999) == [])
    #expect(arrivals(&path, until: 20_010) == [[0, 20_000], [1, 20_010]])
    #expect(path.inFlight == 1)
    #expect(arrivals(&path, until: 30_000) == [[2, 20_020]])
    #expect(path.nextDue == nil)
    #expect(path.counts.packets == 3)
    #expect(path.counts.bytes == 3000)
  }

  /// 1,000 bytes at 8 Mb/s take a millisecond.
  @Test func spacesPacketsByTheBandwidth() {
    var path = WANPath(WANLine(latency: microseconds(5000), bandwidth: 8e6))
    for number in 0..<3 { #expect(path.admit(packet(Int32(number)), at: start) == true) }
    // The line is idle from 3 ms on.
    #expect(path.admit(packet(3, bytes: 500), at: start + microseconds(10_000)) == true)
    #expect(arrivals(&path, until: 99_999) == [[0, 6000], [1, 7000], [2, 8000], [3, 15_500]])
  }

  /// 64 KiB take 65.536 ms at 8 Mb/s, which is more than 50 ms: so long may a packet wait; the 67th would wait 66.
  @Test func losesWhatWouldWaitTooLong() {
    var path = WANPath(WANLine(latency: 0, bandwidth: 8e6))
    let admitted = (0..<100).filter { path.admit(packet(Int32($0)), at: start) }
    #expect(admitted == Array(0..<66))
    #expect(path.counts.droppedByQueue == 34)
    // A millisecond later there is room for one.
    #expect(path.admit(packet(100), at: start + microseconds(1000)) == true)
    #expect(path.admit(packet(101), at: start + microseconds(1000)) == false)
  }

  /// At 80 Mb/s 50 ms are 500 packets, and the one that is being sent.
  @Test func boundsTheQueueOfAFastLineByTime() {
    var path = WANPath(WANLine(latency: 0, bandwidth: 80e6))
    #expect((0..<1000).count { path.admit(packet(Int32($0)), at: start) } == 501)
  }

  @Test func losesNothingWithoutABandwidth() {
    var path = WANPath(WANLine(latency: microseconds(1)))
    #expect((0..<10_000).allSatisfy { path.admit(packet(Int32($0)), at: start) })
    #expect(path.inFlight == 10_000)
    #expect(arrivals(&path, until: 1).map { $0[0] } == Array(0..<10_000))
  }

  @Test func losesWhatIsOnALineThatIsCut() {
    var path = WANPath(WANLine(latency: microseconds(1000), bandwidth: 8e6))
    for number in 0..<3 { #expect(path.admit(packet(Int32(number)), at: start) == true) }
    var lost: [Int32] = []
    path.change(
      to: WANLine(latency: microseconds(1000), bandwidth: 8e6, isCut: true), at: start + microseconds(500)
    ) { lost.append($0.buffer) }
    #expect(lost == [0, 1, 2])
    #expect(path.admit(packet(3), at: start + microseconds(600)) == false)
    #expect(path.counts.droppedByCut == 4)
    path.change(to: WANLine(latency: microseconds(1000), bandwidth: 8e6), at: start + microseconds(700)) { _ in }
    // The line is free at once: what it lost keeps nobody waiting.
    #expect(path.admit(packet(4), at: start + microseconds(700)) == true)
    #expect(arrivals(&path, until: 9999) == [[4, 2700]])
  }

  @Test func bringsPacketsSoonerWhenTheLatencyFalls() {
    var path = WANPath(WANLine(latency: microseconds(50_000)))
    for number in 0..<3 {
      #expect(path.admit(packet(Int32(number)), at: start + microseconds(UInt64(number) * 10_000)) == true)
    }
    path.change(to: WANLine(latency: microseconds(5000)), at: start + microseconds(21_000)) { _ in }
    #expect(path.admit(packet(3), at: start + microseconds(21_000)) == true)
    // The first two would have come at 5 and 15 ms: at once.
    #expect(arrivals(&path, until: 99_999) == [[0, 21_000], [1, 21_000], [2, 25_000], [3, 26_000]])
  }

  @Test func bringsPacketsLaterWhenTheLatencyRises() {
    var path = WANPath(WANLine(latency: microseconds(5000)))
    #expect(path.admit(packet(0), at: start) == true)
    path.change(to: WANLine(latency: microseconds(50_000)), at: start + microseconds(1000)) { _ in }
    #expect(path.admit(packet(1), at: start + microseconds(1000)) == true)
    #expect(arrivals(&path, until: 99_999) == [[0, 50_000], [1, 51_000]])
  }

  /// Three packets wait for a line of 8 kb/s, a second each; the first is on it when it becomes a thousand times
  /// faster.
  @Test func sendsWhatWaitsAtTheNewBandwidth() {
    var path = WANPath(WANLine(latency: microseconds(100), bandwidth: 8e3))
    for number in 0..<3 { #expect(path.admit(packet(Int32(number)), at: start) == true) }
    path.change(to: WANLine(latency: microseconds(100), bandwidth: 8e6), at: start + microseconds(500_000)) { _ in }
    #expect(path.admit(packet(3), at: start + microseconds(500_000)) == true)
    #expect(arrivals(&path, until: 999_999) == [[0, 501_100], [1, 502_100], [2, 503_100], [3, 504_100]])
  }

  @Test func takesTheClockFromItsStart() {
    var path = WANPath(WANLine(latency: microseconds(1_000_000), bandwidth: 1))
    #expect(path.admit(packet(0), at: 0) == true)
    path.change(to: WANLine(latency: microseconds(60_000_000)), at: 0) { _ in }
    #expect(path.nextDue == microseconds(60_000_000))
  }
}
