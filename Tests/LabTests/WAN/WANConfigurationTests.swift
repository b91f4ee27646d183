import Lab
import Model
import Testing

@Suite struct WANConfigurationOfLabTests {
  @Test func hasEachSiteItsUnderlayAndItsMachines() {
    let user = IPAddress(v4: 10 << 24 | 99 << 16 | 9 << 8 | 9)
    let lab = LabDescription(
      federation: Federation(
        sites: [Site(name: "a"), Site(name: "b"), Site(name: "internet")],
        links: Links(
          betweenSites: Link(latencyMs: 5, bandwidthMbps: 1000),
          pairs: [UnorderedPair("b", "internet"): Link(latencyMs: 30)])),
      networks: [], guests: [],
      machines: [
        .init(name: "user", site: "b", address: user),
        .init(name: "taken", site: "a", address: IPAddress(v4: 1), isOnLAN: true),
      ])
    let configuration = WANConfiguration(lab) { "/proc/\($0)/ns/net" }
    #expect(configuration.problem == nil)
    #expect(configuration.sites.map(\.name) == ["a", "b", "internet"])
    #expect(
      configuration.sites.map(\.prefixes) == [["10.99.1.0/24"], ["10.99.2.0/24", "10.99.9.9/32"], ["10.99.3.0/24"]])
    #expect(configuration.sites[0].namespace == "/proc/a/ns/net")
    #expect(
      configuration.lines == [
        .init(between: ["a", "b"], latencyMs: 5, bandwidthMbps: 1000),
        .init(between: ["a", "internet"], latencyMs: 5, bandwidthMbps: 1000),
        .init(between: ["b", "internet"], latencyMs: 30),
      ])
  }
}
