import Documents
import Model
import Testing

/// The documents of the format's description, word for word, with the values that a reader of it expects.
@Suite struct ExampleTests {
  static let federation = """
    sites:
      - name: rennes
        kind: grid                                   # grid | cloud
        availableUntil: 2026-12-01T08:00:00Z         # optional
        quota: {vcpus: 64, memoryGiB: 256, vcpuHours: 500}   # optional; what remains
        price: {vmHour: 0, vcpuHour: 0.01, memoryGiBHour: 0.002}   # each 0 if absent
        hosts:
          - {name: paravent-1, vcpus: 8, memoryGiB: 32, speed: 1.0, watts: 180}
      - name: cloud-a
      - name: internet
    links:
      sameHost: {latencyMs: 0.02, bandwidthMbps: 20000}
      sameSite: {latencyMs: 0.1, bandwidthMbps: 10000}
      betweenSites: {latencyMs: 10, bandwidthMbps: 1000}
      pairs:
        - {between: [rennes, cloud-a], latencyMs: 8, bandwidthMbps: 500}
    egress:
      betweenSites: 0
      pairs:
        - {from: cloud-a, to: rennes, perGB: 0.09}
    """

  static let application = """
    name: cg
    objective: cost                  # cost | time | resources
    coupling: coupled                # coupled | independent
    remainingHours: 10
    deadline: 2026-11-26T00:00:00Z   # optional
    budget: 120
    minimumGain: 0.05
    vms:
      - {name: vm1, addresses: [10.77.0.1], vcpus: 1, memoryGiB: 2, cpu: 0.8, dirtyMiBps: 20, host: paravent-1,
         disks: [{GiB: 20, usedGiB: 6, writeMiBps: 2, shared: false}]}
      - {name: vm2, host: paravent-1}
      - {name: vm3, host: paravent-1}
      - {name: vm4, host: paravent-1, template: vm4.xml}
    mode: advise
    owner: ops
    endpoints:
      - {name: nfs1, addresses: [10.77.0.200], site: rennes}
    constraints:
      - {pin: vm1, sites: [rennes]}
      - {together: [vm1, vm2]}
      - {apart: [vm3, vm4]}
      - {ban: vm2, sites: [cloud-a]}
    """

  @Test func run() throws {
    let text = """
      name: cg
      run: {started: 2026-11-25T08:00:00Z, earlierHours: [9.5, 10.5], totalMessages: 1e9, sentMessages: 4e8,
            jobEnds: 2026-11-26T08:00:00+01:00}
      vms: [{name: vm1}]
      """
    let application = try ApplicationDocument.parse(text, file: "a").application
    #expect(application.remainingHours == nil)
    #expect(
      application.run
        == Run(
          started: Timestamp("2026-11-25T08:00:00Z"), earlierHours: [9.5, 10.5], totalMessages: 1e9, sentMessages: 4e8,
          jobEnds: Timestamp("2026-11-26T07:00:00Z")))
  }

  @Test func federation() throws {
    let (federation, warnings) = try FederationDocument.parse(Self.federation, file: "federation.yaml")
    #expect(warnings.isEmpty)
    #expect(
      federation
        == Federation(
          sites: [
            Site(
              name: "rennes", kind: .grid, availableUntil: Timestamp("2026-12-01T08:00:00Z"),
              quota: Quota(vcpus: 64, memoryGiB: 256, vcpuHours: 500),
              price: Price(vmHour: 0, vcpuHour: 0.01, memoryGiBHour: 0.002),
              hosts: [Host(name: "paravent-1", vcpus: 8, memoryGiB: 32, speed: 1, watts: 180)]),
            Site(name: "cloud-a"), Site(name: "internet"),
          ],
          links: Links(
            sameHost: Link(latencyMs: 0.02, bandwidthMbps: 20000), sameSite: Link(latencyMs: 0.1, bandwidthMbps: 10000),
            betweenSites: Link(latencyMs: 10, bandwidthMbps: 1000),
            pairs: [UnorderedPair("cloud-a", "rennes"): Link(latencyMs: 8, bandwidthMbps: 500)]),
          egress: Egress(pairs: [OrderedPair(from: "cloud-a", to: "rennes"): 0.09])))
  }

  @Test func application() throws {
    let federation = try FederationDocument.parse(Self.federation, file: "federation.yaml").federation
    let (application, diagnostics) = try ApplicationDocument.parse(
      Self.application, file: "application.yaml", against: federation)
    // The example's only host holds all VMs, those to keep apart too.
    #expect(diagnostics.map(\.line) == [21] && diagnostics.map(\.severity) == [.warning])
    #expect(
      application
        == Application(
          name: "cg", objective: .cost, coupling: .coupled, remainingHours: 10,
          deadline: Timestamp("2026-11-26T00:00:00Z"), budget: 120, minimumGain: 0.05, slowdownLimit: 0.05,
          vms: [
            VM(
              name: "vm1", addresses: [IPAddress(v4: 0x0a4d_0001)], vcpus: 1, memoryGiB: 2, cpu: 0.8, dirtyMiBps: 20,
              disks: [Disk(gib: 20, usedGiB: 6, writeMiBps: 2, shared: false)], host: "paravent-1"),
            VM(name: "vm2", host: "paravent-1"), VM(name: "vm3", host: "paravent-1"),
            VM(name: "vm4", host: "paravent-1", template: "vm4.xml"),
          ],
          endpoints: [FixedEndpoint(name: "nfs1", addresses: [IPAddress(v4: 0x0a4d_00c8)], site: "rennes")],
          constraints: [
            .pin(vm: "vm1", sites: ["rennes"]), .together(["vm1", "vm2"]), .apart(["vm3", "vm4"]),
            .ban(vm: "vm2", sites: ["cloud-a"]),
          ],
          mode: .advise, owner: "ops"))
  }

  /// What the format's description says of fields that are absent.
  @Test func defaults() throws {
    let federation = try FederationDocument.parse("sites: [{name: a, hosts: [{name: h}]}]\nlinks: {}\n", file: "f")
      .federation
    let host = try #require(federation.sites.first?.hosts.first)
    #expect((host.vcpus, host.speed, host.watts) == (1, 1, 1))
    #expect(federation.sites[0].availableUntil == nil && federation.sites[0].quota == Quota())
    #expect(federation.links.between("a", "b") == Link(latencyMs: 0, bandwidthMbps: nil))
    #expect(federation.egress.perGB(from: "a", to: "b") == 0)

    let text = "{name: x, vms: [{name: v, disks: [{GiB: 3}]}]}"
    let application = try ApplicationDocument.parse(text, file: "a").application
    #expect(application.objective == .cost && application.coupling == .coupled && application.mode == .advise)
    #expect(application.remainingHours == nil && application.deadline == nil && application.budget == nil)
    #expect(application.minimumGain == 0.05 && application.slowdownLimit == 0.05)
    let vm = application.vms[0]
    #expect(vm.vcpus == 1 && vm.cpu == 1 && vm.dirtyMiBps == 0 && vm.host == nil)
    #expect(vm.disks == [Disk(gib: 3, usedGiB: 3, writeMiBps: 0, shared: false)])
  }

  @Test func matrix() throws {
    let lines = [
      "waits,ip_bytes,frame_bytes,packets,note,destination,source", "1.5,1e3,1100,10,x,vm2,10.77.0.1",
      "2,1,1,1,,vm2,10.77.0.1", "",
    ]
    let text = lines.joined(separator: "\r\n")
    let matrix = try MatrixDocument.parse(text, file: "m.csv")
    #expect(matrix.hasWaits)
    #expect(
      matrix.rows == [
        TrafficMatrix.Row(
          source: .address(IPAddress(v4: 0x0a4d_0001)), destination: .name("vm2"), packets: 11, frameBytes: 1101,
          ipBytes: 1001, waits: 3.5)
      ])
  }

  /// What is written is what was read; names that YAML has other ideas of are names.
  @Test func federationIsReadBackFromItsText() throws {
    let example = try FederationDocument.parse(Self.federation, file: "federation.yaml").federation
    #expect(try FederationDocument.parse(FederationDocument.text(of: example), file: "text").federation == example)
    var odd = Federation(sites: [
      Site(name: "no"), Site(name: "a \"b\" \\ #: c", hosts: [Host(name: "1e3", vcpus: 0.00001)]),
    ])
    odd.egress.pairs[OrderedPair(from: "no", to: odd.sites[1].name)] = 1e12
    #expect(try FederationDocument.parse(FederationDocument.text(of: odd), file: "text").federation == odd)
  }
}
