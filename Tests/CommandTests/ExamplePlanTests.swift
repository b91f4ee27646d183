import Foundation
import Testing

/// What the comments in `Examples/` and the README say of the plans.
@Suite struct ExamplePlanTests {
  private func plan(_ name: String, _ options: [String] = []) async throws -> [String: Any] {
    try await Command.run(
      [
        "plan", "--federation", "Examples/federation.yaml", "--application", "Examples/\(name).yaml", "--traffic",
        "Examples/\(name).A.8.pcap.gz", "--format", "json",
      ] + options
    ).json
  }

  /// Also with the window that a run so torn would have had.
  @Test(arguments: [[], ["--window", "7.5"]]) func gathersBothGroupsOfCG(_ options: [String]) async throws {
    let plan = try await plan("cg", options)
    #expect(plan["decision"] as? String == "move")
    let placement = try #require(plan["placement"] as? [String: String])
    #expect(Set((1...4).map { placement["vm\($0)"] }) == ["paravent-1"])
    #expect(Set((5...8).map { placement["vm\($0)"] }) == ["cloud-2"])
    // Two have to leave before two can come: the grid's quota is used up.
    #expect((plan["moves"] as? [[String: Any]])?.map { $0["vm"] as? String } == ["vm5", "vm6", "vm4", "vm3"])
  }

  /// The pin puts one of a group in the grid, whose quota has room for just the others of it.
  @Test func placesBothGroupsOfCG() async throws {
    let place = try await Command.run([
      "place", "--federation", "Examples/federation.yaml", "--application", "Examples/new.yaml", "--traffic",
      "Examples/cg.A.8.pcap.gz", "--format", "json",
    ])
    #expect(place.code == 0)
    let placement = try #require(try place.json["placement"] as? [String: String])
    #expect((1...4).allSatisfy { placement["vm\($0)"]?.hasPrefix("paravent") == true })
    #expect((5...8).allSatisfy { placement["vm\($0)"]?.hasPrefix("cloud") == true })
  }

  @Test func leavesMGWhereItIs() async throws {
    let plan = try await plan("mg")
    #expect(plan["decision"] as? String == "stay")
  }
}
