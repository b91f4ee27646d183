import Foundation
import Testing

extension SystemTests {
  /// After a fault the VM runs once, works on, nothing of it is anywhere else, and operators are told what came of it.
  @Test func aMoveInWhichAPartDiesEndsWithOneVM() async throws {
    try await SmallLab.with { lab in
      for fault in Fault.allCases { try await expectOneVM(after: fault, lab) }
    }
  }

  private func expectOneVM(after fault: Fault, _ lab: SmallLab) async throws {
    let before = lab.progress()
    let source = try #require(try await lab.places().only("vm1", tap: Self.tap))
    let destination = source == "a1" ? "b1" : "a1"
    let earlier = Set(try #require(try await lab.moves(of: source)).map(\.move))

    // So slow that the fault comes in time.
    async let migration = lab.run(
      "migrate", "vm1", "--to", destination, "--bandwidth", "8", "--socket", SmallLab.socket(source), seconds: 120)
    try await lab.wait("the copying to begin") {
      try await lab.moves(of: source)?.contains { move in
        !earlier.contains(move.move) && move.steps.last?.step == "copying"
      } == true
    }
    try await fault.strike(lab, from: source, to: destination)

    var told: ListedMove?
    var place: String?
    try await lab.wait("one vm1 after \(fault)", polls: 90) {
      place = try await lab.places().only("vm1", tap: Self.tap)
      told = try await lab.moves(of: source)?.first { !earlier.contains($0.move) }
      return place != nil && told?.result != nil
    }
    #expect(place == (told?.result == "done" ? destination : source), "\(fault): \(String(describing: told))")
    for host in SmallLab.hosts {
      let known = try await lab.vms(of: host)["vm1"]
      #expect(known?.host == place && known?.state == "running", "\(fault), \(host): \(String(describing: known))")
    }
    try await lab.expectWork(since: before)
    _ = try await migration
  }
}
