import Model
import Planning
import Testing

@Suite struct PartialViewTests {
  private static let application = Application(
    name: "t", vms: [VM(name: "x"), VM(name: "y"), VM(name: "z")], endpoints: [FixedEndpoint(name: "nfs", site: "a")])

  @Test func allIsSeen() {
    let matrix = TrafficMatrix(
      rows: [
        .init(source: .name("x"), destination: .name("y"), ipBytes: 10),
        .init(source: .name("nfs"), destination: .name("z"), ipBytes: 10),
        // To all of a network, and between others: of nobody that could be near.
        .init(source: .name("x"), destination: Endpoint("224.0.0.251"), ipBytes: 10),
        .init(source: .name("u"), destination: .name("v"), ipBytes: 10),
      ], hasWaits: true)
    let view = PartialView(of: Self.application, in: matrix)
    #expect(view == PartialView() && !view.isPartial && view.unknown.isEmpty)
  }

  /// 30 of 40 bytes are with two others; z is silent.
  @Test func aPartIsSeen() {
    let matrix = TrafficMatrix(
      rows: [
        .init(source: .name("x"), destination: .name("y"), ipBytes: 10),
        .init(source: .name("u"), destination: .name("x"), ipBytes: 10),
        .init(source: .name("y"), destination: .name("v"), ipBytes: 20),
      ], hasWaits: true)
    let view = PartialView(of: Self.application, in: matrix, missing: ["b2"])
    #expect(view == PartialView(vms: ["z"], hosts: ["b2"], unlistedEndpoints: 2, unlistedShare: 0.75))
    #expect(view.isPartial && view.unknown.count == 3)
    #expect(view.unknown[0].hasPrefix("what z exchanges and how long it waits: nothing was counted"))
    #expect(view.unknown[1] == "what VMs at b2 receive: reports are missing")
    #expect(view.unknown[2].contains("2 endpoints are that its VMs talk to (75 % of their bytes)"))
  }
}
