import Documents
import Model
import Testing

/// A document taken to say something else at one place.
@Suite struct OverrideTests {
  static let federation = """
    sites:
      - name: rennes
        price: {vmHour: 1}
        hosts: [{name: r.1, vcpus: 4}, {name: r.1.a, vcpus: 8}]
      - {name: cloud.a, availableUntil: 2026-12-01T08:00:00Z}
    links:
      betweenSites: {latencyMs: 10, bandwidthMbps: 1000}
    egress: {betweenSites: 0.1, pairs: [{from: rennes, to: cloud.a, perGB: 0.2}]}
    """

  func federation(_ texts: String...) throws -> Federation {
    try FederationDocument.parse(
      Array(Self.federation.utf8), file: "f", overriding: texts.map { try Override($0) }
    ).federation
  }

  @Test func fieldsOfWhatIsNamed() throws {
    let changed = try federation(
      "site.rennes.price.vmHour=0.2", "site.rennes.quota.vcpus=7", "site.cloud.a.availableUntil=", "host.r.1.a.speed=2",
      "host.r.1.vcpus=3", "site.cloud.a.hosts=[{name: c1}]", "egress.rennes.cloud.a=0.5", "links.sameSite.latencyMs=0.3"
    )
    #expect(changed.sites[0].price.vmHour == 0.2 && changed.sites[0].quota.vcpus == 7)
    #expect(changed.sites[0].hosts.map(\.speed) == [1, 2] && changed.sites[0].hosts.map(\.vcpus) == [3, 8])
    #expect(changed.sites[1].availableUntil == nil && changed.sites[1].hosts.map(\.name) == ["c1"])
    #expect(changed.egress.perGB(from: "rennes", to: "cloud.a") == 0.5)
    #expect(changed.links.sameSite.latencyMs == 0.3)
    // All else is as it was.
    #expect(try federation() == federation("site.rennes.price.vmHour=1"))
  }

  /// Two sites without a pair of their own get one, of what holds between sites.
  @Test func pairsThatAreNotListed() throws {
    let changed = try federation("link.cloud.a.rennes.latencyMs=2", "egress.cloud.a.rennes=0.7")
    #expect(changed.links.between("rennes", "cloud.a") == Link(latencyMs: 2, bandwidthMbps: 1000))
    #expect(changed.egress.perGB(from: "cloud.a", to: "rennes") == 0.7)
    #expect(changed.egress.perGB(from: "rennes", to: "cloud.a") == 0.2)
    #expect(try federation("egress.betweenSites=0.3").egress.perGB(from: "cloud.a", to: "rennes") == 0.3)
  }

  @Test func ofAnApplication() throws {
    let text = "name: x\nvms: [{name: v, disks: [{GiB: 1}, {GiB: 2}]}]\nendpoints: [{name: nfs, site: a}]"
    let application = try ApplicationDocument.parse(
      Array(text.utf8), file: "a",
      overriding: [
        Override("vm.v.disks.1.GiB=5"), Override("application.budget=9"), Override("endpoint.nfs.site=b"),
        Override("site.rennes.price.vmHour=x"),
      ]
    ).application
    #expect(application.vms[0].disks.map(\.gib) == [1, 5])
    #expect(application.budget == 9 && application.endpoints[0].site == "b")
  }

  @Test(arguments: [
    ("site.lyon.price.vmHour=1", "\"lyon.price.vmHour\" begins with the name of no site"),
    ("host.x.speed=1", "\"x.speed\" begins with the name of no host"),
    ("link.rennes.lyon.latencyMs=1", "begins with the name of no pair of sites"),
    ("site.rennes=1", "the path names no field: name, price, hosts"),
    ("site.rennes.price.vmHour.x=1", "\"x\" is asked of the number 1, which has no fields"),
    ("site.rennes.hosts.2.speed=1", "\"2\" is no place in a list of 2: from 0"),
    (
      "site.rennes.price.vmHour=-1", "f with --set site.rennes.price.vmHour=-1:3:21: error: sites[0].price.vmHour: must"
    ),
    ("site.rennes.colour=red", "\"colour\" is no field of a site"), ("site.rennes.price=[", "error: "),
  ])
  func problemsNameTheOverride(text: String, message: String) throws {
    let error = try #require(throws: DocumentError.self) { try federation(text) }
    #expect(error.description.contains("f with --set \(text)") && error.description.contains(message), "\(error)")
  }

  @Test(arguments: ["", "x", "site=1", "site.a", "rennes.price=1", "=1"]) func whatIsNone(text: String) {
    #expect(throws: OverrideError.self) { try Override(text) }
  }

  @Test func noPathIsDeeperThanADocument() {
    #expect(throws: OverrideError.self) { try Override("application" + String(repeating: ".x", count: 60_000) + "=1") }
  }
}
