import Controller
import Model
import SwiftProtobuf
import Testing
import Wire

struct SiteStatusTests {
  private static let now = Timestamp(nanoseconds: 1_800_000_000_000_000_000)
  private static let federation = Federation(sites: [
    Site(
      name: "a", kind: .grid, availableUntil: now.advanced(bySeconds: 60), quota: Quota(vcpus: 5, vcpuHours: 500),
      price: Price(vmHour: 0.5, memoryGiBHour: 0.25),
      hosts: [Host(name: "a1", vcpus: 4, memoryGiB: 4), Host(name: "a2", vcpus: 4, memoryGiB: 4)]),
    Site(name: "b", hosts: ["b1", "b2", "b3"].map { Host(name: $0, vcpus: 2) }),
    Site(name: "internet"),
  ])

  private func host(
    _ name: String, isConnected: Bool = true, isHeld: Bool = false, vcpus: Double, memoryGiB: Double, states: [String]
  ) -> Transhumance_V1_SensedHost {
    .with {
      ($0.name, $0.connected) = (name, isConnected)
      ($0.report.name, $0.report.vcpusUsed) = (name, vcpus)
      $0.report.memoryUsedBytes = UInt64(memoryGiB * 0x1p30)
      $0.report.vms = states.map { state in .with { $0.state = state } }
      if isHeld { $0.report.hold.by = "root" }
    }
  }

  private func sites(
    at now: Timestamp = now, in federation: Federation = federation
  ) -> [Transhumance_V1_SiteStatus] {
    let hosts = [
      host("a1", vcpus: 1, memoryGiB: 1, states: ["running"]),
      host("a2", vcpus: 2, memoryGiB: 0.5, states: ["running", "running", "off"]),
      host("b1", isHeld: true, vcpus: 1, memoryGiB: 1, states: ["running"]),
      host("b2", isConnected: false, vcpus: 1, memoryGiB: 1, states: ["running"]),
      host("b3", vcpus: 0.5, memoryGiB: 1, states: []),
    ]
    return FederationInForce(federation: federation, drained: ["a2"])
      .sites(hosts, in: Situation(hosts), at: now)
  }

  @Test func whatIsOfferedUsedAndLeft() throws {
    let sites = sites()
    #expect(sites.map(\.name) == ["a", "b", "internet"])
    let a = sites[0]
    #expect(a.kind == "grid" && a.availableUntil == Self.now.nanoseconds + 60_000_000_000)
    #expect(a.price.vm == 0.5 && a.price.vcpu == 0 && a.price.memoryGib == 0.25)
    #expect(a.quota.vcpus == 5 && !a.quota.hasMemoryGib && a.quota.vcpuHours == 500)
    #expect(a.hosts == ["a1", "a2"] && a.openHosts == ["a1"] && a.vms == 3)
    #expect(a.capacity.vcpus == 8 && a.capacity.memoryGib == 8)
    #expect(a.used.vcpus == 3 && a.used.memoryGib == 1.5)
    // a1 has 3 vCPUs and 3 GiB left; of the quota 5 − 3 vCPUs are.
    #expect(a.room.vcpus == 2 && a.room.memoryGib == 3)
    // Of b1, which is held, and b2, which is silent, nothing; of b3 1.5 vCPUs, and its memory isn't bounded.
    let b = sites[1]
    #expect(b.kind.isEmpty && !b.hasAvailableUntil && !b.quota.hasVcpus)
    #expect(b.openHosts == ["b3"] && b.vms == 2)
    #expect(b.capacity.vcpus == 6 && !b.capacity.hasMemoryGib)
    #expect(b.used.vcpus == 2.5 && b.used.memoryGib == 3)
    #expect(b.room.vcpus == 1.5 && !b.room.hasMemoryGib)
    #expect(sites[2].hosts.isEmpty && sites[2].room.vcpus == 0)
  }

  @Test func whatAnOperatorHasSaidOfASite() {
    var federation = Self.federation
    federation.sites[0].quota.vms = 7
    federation.sites[1].isDrained = true
    federation.sites[1].headroom = 0.25
    federation.sites[1].hosts[0].isDrained = true
    federation.sites[1].windows = [TimeWindow(from: Self.now.advanced(bySeconds: 60))]
    let sites = sites(in: federation)
    #expect(sites[0].quota.vms == 7 && !sites[0].drained && sites[0].drainedHosts == ["a2"] && !sites[0].closed)
    #expect(sites[1].drained && sites[1].drainedHosts == ["b1"] && sites[1].headroom == 0.25)
    #expect(sites[1].closed && sites[1].opens == Self.now.nanoseconds + 60_000_000_000)
    #expect(sites[1].windows.map(\.hasUntil) == [false])
  }

  /// Half of a1's 4 vCPUs stay free, and one is used.
  @Test func headroomIsNotLeft() {
    var federation = Self.federation
    federation.sites[0].headroom = 0.5
    let site = sites(in: federation)[0]
    #expect(site.room.vcpus == 1 && site.room.memoryGib == 1 && site.capacity.vcpus == 8)
  }

  @Test func nothingIsLeftOfASiteThatHasClosed() {
    let site = sites(at: Self.now.advanced(bySeconds: 60))[0]
    #expect(site.openHosts.isEmpty && site.room.vcpus == 0 && site.room.memoryGib == 0 && site.used.vcpus == 3)
  }
}
