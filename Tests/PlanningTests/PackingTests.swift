import Model
import Planning
import Testing

@Suite struct PackingTests {
  /// VMs of 1, 2 and 4 vCPUs fill hosts of 4, 8 and 12 to the last, whichever host each takes of those with room, as
  /// long as the largest come first.
  @Test(arguments: 0..<100) func respectsRoom(seed: Int) throws {
    var random = FixedRandom(seed)
    var hosts: [[Host]] = [[Host(name: "start", vcpus: 1e6)]]
    var vms: [VM] = []
    var sites: [Int] = []
    for site in 1...3 {
      let sizes = (0..<Int.random(in: 1...6, using: &random)).map { _ in random.pick([4.0, 8, 12]) }
      hosts.append(sizes.enumerated().map { Host(name: "h\(site)-\($0.offset)", vcpus: $0.element) })
      var room = sizes.reduce(0, +)
      while room > 0 {
        let vcpus = random.pick([1.0, 2, 4].filter { $0 <= room })
        vms.append(VM(name: "vm\(vms.count)", vcpus: vcpus, host: "start"))
        sites.append(site)
        room -= vcpus
      }
    }
    let rows = (0..<3 * vms.count).map { _ in
      TrafficMatrix.Row(source: .name(random.pick(vms).name), destination: .name(random.pick(vms).name), waits: 1)
    }
    let instance = try PlacementInstance(
      federation: Federation(sites: hosts.enumerated().map { Site(name: "s\($0.offset)", hosts: $0.element) }),
      application: Application(name: "a", remainingHours: 1, vms: vms),
      traffic: TrafficMatrix(rows: rows, hasWaits: true), windowSeconds: 1, now: Timestamp(nanoseconds: 0), task: .move)
    var state = SearchState(SearchProblem(instance), vms.map { _ in 0 })
    state.pack(sites)
    #expect(state.hostOf.map { instance.hostSites[$0] } == sites)
    #expect(PlacementEvaluation(of: state.hostOf, in: instance).isFeasible)
    #expect(state.broken == 0)
  }
}
