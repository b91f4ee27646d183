import Testing
import Workload

@Suite struct ProbeLogTests {
  @Test func countsWhatIsMissingDoubledAndLate() {
    var log = ProbeLog()
    for (sequence, milliseconds) in [(0, 0), (1, 10), (4, 50), (3, 51), (4, 52), (5, 60)] as [(UInt64, UInt64)] {
      log.note(sequence, at: milliseconds * 1_000_000)
    }
    #expect(log.received == 6)
    #expect(log.lost == 1)
    #expect(log.duplicates == 1)
    #expect(log.reordered == 1)
    #expect(log.longestGap == 40_000_000)
    #expect(
      log.members() == """
        "received": 6, "lost": 1, "duplicates": 1, "reordered": 1, "longestGapMs": 40.000
        """)
  }

  @Test func losesWhatCameNeverWhereTheTotalIsKnown() {
    var log = ProbeLog()
    log.note(0, at: 0)
    log.note(0, at: 1)
    #expect(log.members(of: 10).contains("\"lost\": 9,"))
    #expect(ProbeLog().members(of: 10).contains("\"lost\": 10,"))
  }

  @Test func losesNothingBeforeTheFirst() {
    let log = ProbeLog()
    #expect(log.lost == 0)
    #expect(log.longestGap == 0)
  }

  @Test func countsFromZero() {
    var log = ProbeLog()
    log.note(64, at: 1)
    #expect(log.lost == 64)
  }

  @Test(arguments: [ProbeLog.longest, .max])
  func holdsNoMemoryForImpossibleNumbers(sequence: UInt64) {
    var log = ProbeLog()
    log.note(sequence, at: 0)
    #expect(log.received == 0)
    #expect(log.beyond == 1)
  }

  @Test func toleratesAClockThatStandsStill() {
    var log = ProbeLog()
    log.note(0, at: 9)
    log.note(1, at: 8)
    #expect(log.longestGap == 0)
  }
}
