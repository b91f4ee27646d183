import Controller
import Model
import SwiftProtobuf
import Testing
import Wire

/// The loop waits until staying has lost what the moves cost.
@Suite struct PatienceTests {
  private static let document = LoopTests.document(mode: "automatic").replacing(
    "objective: time", with: "objective: cost")

  /// Eight rows of 274,400 bytes a second cross at 10 a GB: 0.02195 a second. Two moves of 0.1 GiB cost 2.147: staying
  /// has lost that after 97.8 s.
  private static let federation: Federation = {
    var federation = World.federation
    federation.egress = Egress(betweenSites: 10)
    return federation
  }()

  @Test func movesOnceStayingHasLostWhatTheMovesCost() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      let decider = world.decider(store, federation: Self.federation)
      #expect(try await decider.apply(Self.document).outcome == "created")
      for _ in 0..<2 { world.pass(LoopTests.ring) }
      for _ in 3...9 {
        world.pass(LoopTests.ring)
        await decider.considerAll()
        await decider.settle()
      }
      #expect(world.migrations.isEmpty)
      let status = try #require(await decider.overview(.init()).applications.first)
      #expect(
        status.decision == "stay" && status.reason.contains("staying has lost 1.98 so far, and the moves cost 2.15"))
      world.pass(LoopTests.ring)
      await decider.considerAll()
      await decider.settle()
      #expect(world.migrations.count == 2)
    }
  }
}
