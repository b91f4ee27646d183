import Agent
import Dispatch
import Model
import Moves
import Testing

@Suite(.enabled(if: PrivateNetwork.isTested, PrivateNetwork.demand)) struct FabricEventTests {
  @Test func straysAreHeardOf() async throws {
    try await PrivateNetwork.run {
      let kernel = try KernelFabric()
      _ = try kernel.reconcile(ThreeMachines.wanted())
      let events = try kernel.events()
      let heard = DispatchSemaphore(value: 0)
      let thread = OwnThread()
      let listener = Task(executorPreference: thread) { for await _ in events { heard.signal() } }
      defer {
        listener.cancel()
        thread.stop()
      }
      for stray in [
        "bridge fdb del 52:54:00:00:01:02 dev thx1 self dst 10.99.1.2",
        "bridge fdb del 52:54:00:00:01:02 dev thx1 master",
        "ip neigh del 192.168.77.2 dev thb1", "ip addr del 192.168.77.254/24 dev thb1", "ip link del thx1",
        "bridge link set dev th525400000101 bcast_flood off", "ip link add thb9 type bridge",
      ] {
        try PrivateNetwork.run(stray)
        #expect(heard.wait(timeout: .now() + 120) == .success, "unheard: \(stray)")
        // More than one event may come of one command.
        while heard.wait(timeout: .now() + 0.05) == .success {}
      }
    }
  }
}
