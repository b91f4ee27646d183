import Answers
import SwiftProtobuf
import Testing
import Wire

@Suite struct OverviewTests {
  /// A sensor that tells no state is there all the same.
  @Test func whyNothingIsKnownOfAHost() {
    let list = ListReply(
      .with {
        $0.hosts = [
          .with { ($0.name, $0.connected, $0.report) = ("a1", true, .with { $0.hypervisor = "ready" }) },
          .with { ($0.name, $0.connected) = ("a2", true) },
          .with { ($0.name, $0.connected, $0.report) = ("b1", false, .with { $0.hypervisor = "ready" }) },
        ]
      })
    #expect(list.hosts.map(\.hasReport) == [true, false, false])
    #expect(
      list.hosts.map(\.error)
        == ["", "it is connected, and hasn't told its state", "its agent isn't connected to the controller"])
  }
}
