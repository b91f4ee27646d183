import Foundation
import Model
import Testing
import Traffic

/// The limit holds for what is counted and for the result that is made of it.
@Suite struct MemoryLimitTests {
  /// Counts packets in both directions of `pairs`, period after period, until the limit is reached.
  private static func fill(
    _ counter: inout TrafficCounter, pairs: UInt32
  ) -> TrafficCounter.MemoryLimitReached? {
    for period in 0..<Int64(1_000_000) {
      for pair in 0..<pairs {
        let address = (0..<3).map { UInt8(truncatingIfNeeded: pair >> (8 * $0)) }
        for isForward in [true, false] {
          var frame = Bytes.packet(1, 2)
          frame.replaceSubrange(isForward ? 13..<16 : 17..<20, with: address)
          if isForward { frame[12] = 11 } else { (frame[15], frame[16]) = (2, 11) }
          do {
            try counter.count(frame: frame.span, at: period * 30_000_000_000, wireBytes: 20, linkType: .raw)
          } catch { return error }
        }
      }
    }
    return nil
  }

  @Test func message() throws {
    var counter = TrafficCounter(memoryLimit: 1 << 20)
    let limit = try #require(Self.fill(&counter, pairs: 1_000_000))
    #expect(limit.pairs < 10_000)
    #expect(limit.periods == 1)
    #expect(limit.description.contains("1 MiB"))
  }

  #if os(Linux)
    /// The most memory that this process has used, proc_pid_status(5).
    private static func peak() throws -> Int {
      let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
      return try #require(line.split(separator: " ").compactMap { Int($0.filter(\.isNumber)) }.first { $0 > 0 }) << 10
    }

    /// In a process of its own, whose memory no other test uses: nothing beyond the limit but what allocators round up.
    @Test func result() async {
      await #expect(processExitsWith: .success) {
        for pairs in [1_000_000, 2000, 30] as [UInt32] {
          let before = try Self.peak()
          var counter = TrafficCounter(memoryLimit: 48 << 20)
          #expect(Self.fill(&counter, pairs: pairs) != nil)
          let counts = counter.finish()
          let matrix = counts.matrix
          var packets: UInt64 = 0
          for period in counts.periods { packets += period.rows.reduce(0) { $0 + $1.counts.packets } }
          #expect(packets == counts.facts.packets)
          #expect(Double(packets) == matrix.rows.reduce(0) { $0 + $1.packets })
          #expect(try Self.peak() - before <= 60 << 20)
        }
      }
    }
  #endif
}
