import Controller
import Model
import SwiftProtobuf
import Testing
import Wire

struct HostClockTests {
  /// A host's time as so many seconds of the controller's, read then.
  private func read(_ clock: inout HostClock, offset: Double, at seconds: Double) {
    clock.read(Timestamp(seconds: seconds + offset), at: Timestamp(seconds: seconds))
  }

  private func first(_ offset: Double) -> HostClock {
    HostClock(bound: 5, time: Timestamp(seconds: 1000 + offset), at: Timestamp(seconds: 1000))
  }

  @Test(arguments: [(0, false), (4.9, false), (-4.9, false), (5.1, true), (-5.1, true), (3600, true)])
  func theFirstReadingIsBelieved(offset: Double, isWrong: Bool) {
    let clock = first(offset)
    #expect(clock.isWrong == isWrong && (clock.problem == nil) == !isWrong)
    #expect(abs(clock.offset - offset) < 1e-6)
  }

  @Test func itIsSaidWhatIsWrong() {
    #expect(first(7.25).problem == "its clock is 7.3 s ahead of the controller's, and 5 s are allowed")
    #expect(first(-60).problem == "its clock is 60.0 s behind the controller's, and 5 s are allowed")
  }

  /// No way makes a time look later than it is.
  @Test func oneReadingAheadIsProof() {
    var clock = first(0)
    read(&clock, offset: 6, at: 1002)
    #expect(clock.isWrong && clock.offset == 6)
  }

  /// What waited behind a large report, for a minute, comes all at once; the last of it is fresh.
  @Test func whatComesLateIsNoWrongClock() {
    var clock = first(0)
    for age in stride(from: 58.0, through: 0, by: -2) {
      read(&clock, offset: -age, at: 1060)
      #expect(!clock.isWrong)
    }
    // It isn't shown for one, either.
    #expect(clock.offset == 0)
  }

  @Test func staysBehindForSecondsAndIsWrong() {
    var clock = first(0)
    for (seconds, isWrong) in [(1002.0, false), (1004, false), (1006, false), (1008, true), (1010, true)] {
      read(&clock, offset: -20, at: seconds)
      #expect(clock.isWrong == isWrong, "at \(seconds)")
    }
    read(&clock, offset: 0, at: 1012)
    #expect(!clock.isWrong && clock.offset == 0)
  }

  /// It has to be well within the bound, so that nothing is told each second.
  @Test func atTheBoundItIsNotRightAndWrongInTurn() {
    var clock = first(0)
    var told: [Bool] = []
    for (second, offset) in [5.01, 4.99, 5.01, 4.99, 4.6, 4.4, 4.99].enumerated() {
      let before = clock.isWrong
      read(&clock, offset: offset, at: 1002 + 2 * Double(second))
      if clock.isWrong != before { told.append(clock.isWrong) }
    }
    #expect(told == [true, false])
  }
}
