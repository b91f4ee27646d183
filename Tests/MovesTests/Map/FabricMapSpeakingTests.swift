import Moves
import Testing

/// Hosts a, b and c of which each speaks for itself. This is b; vm1 is at a by its map, and vm2 at c.
struct FabricMapSpeakingTests {
  private let map = FabricMap([Blue.vm1(at: "a", epoch: 5), Blue.vm2])

  private func isSaid(_ entry: FabricEntry, by speaker: String, own: Set<String> = []) -> Bool? {
    let (said, hearsay) = map.judge([entry], from: speaker, at: "b") { own.contains($0) }
    guard said.count + hearsay.count == 1 else { return nil }
    return said == [entry]
  }

  @Test(arguments: [
    // The VM's host moves it, to anywhere; and whoever has it says so, as after a rollback or a loss of state.
    ("a", "b", true), ("a", "c", true), ("a", "a", true), ("c", "c", true), ("b", "b", true),
    // What others tell.
    ("c", "a", false), ("c", "b", false), ("d", "c", false),
  ])
  func whoMaySay(speaker: String, host: String, isSaid: Bool) {
    #expect(self.isSaid(Blue.vm1(at: host, epoch: 6), by: speaker) == isSaid)
  }

  @Test func whatIsNotNewerIsNeither() {
    for speaker in ["a", "b", "c"] {
      #expect(isSaid(Blue.vm1(at: "c", epoch: 4), by: speaker) == nil)
      #expect(isSaid(Blue.vm1(at: "a", epoch: 5), by: speaker) == nil)
    }
  }

  /// b has lost its state: from whomever it hears of VMs that run with it.
  @Test func aHostHearsOfItsOwn() {
    #expect(isSaid(Blue.vm1(at: "b", epoch: 9), by: "c", own: ["vm1"]) == true)
    #expect(isSaid(Blue.vm1(at: "b", epoch: 9), by: "c", own: ["vm2"]) == false)
    // And nothing else of them.
    #expect(isSaid(Blue.vm1(at: "a", epoch: 9), by: "c", own: ["vm1"]) == false)
    #expect(isSaid(Blue.vm1(at: "d", epoch: 9), by: "c", own: ["vm1"]) == false)
  }

  @Test func ofAnUnknownVM() {
    let empty = FabricMap()
    #expect(empty.judge([Blue.vm2], from: "c", at: "b") { _ in false }.said == [Blue.vm2])
    #expect(empty.judge([Blue.vm2], from: "a", at: "b") { _ in false }.hearsay == [Blue.vm2])
  }

  /// Two of one VM in a message are judged by the map, not by one another.
  @Test func theFirstDoesNotMakeTheSecondGood() {
    let both = [Blue.vm1(at: "d", epoch: 6), Blue.vm1(at: "c", epoch: 7)]
    let (said, hearsay) = map.judge(both, from: "d", at: "b") { _ in false }
    #expect(said == [both[0]] && hearsay == [both[1]])
  }
}
