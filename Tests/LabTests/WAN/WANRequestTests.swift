import Foundation
import Lab
import Testing

@Suite struct WANRequestTests {
  private func request(_ text: String) throws -> WANRequest {
    try JSONDecoder().decode(WANRequest.self, from: Data(text.utf8))
  }

  @Test func readsItsDocument() throws {
    #expect(try request(#"{"verb": "status"}"#) == WANRequest(.status))
    #expect(
      try request(#"{"verb": "slow", "sites": ["a", "b"], "latencyMs": 20, "bandwidthMbps": 100.5}"#)
        == WANRequest(.slow, sites: ["a", "b"], latencyMs: 20, bandwidthMbps: 100.5))
    #expect(throws: DecodingError.self) { try request(#"{"verb": "explode"}"#) }
  }

  @Test(arguments: [-1, 60_000.1, .infinity, .nan, -.infinity])
  func refusesImpossibleLatency(latency: Double) {
    #expect(WANRequest(.slow, latencyMs: latency).problem != nil)
  }

  @Test(arguments: [-1, 0.0001, 1e9, .infinity, .nan])
  func refusesImpossibleBandwidth(bandwidth: Double) {
    #expect(WANRequest(.slow, bandwidthMbps: bandwidth).problem != nil)
  }

  @Test(arguments: [["a"], ["a", "a"], ["a", "b", "c"], []])
  func takesTwoSitesOrNone(sites: [String]) {
    #expect(WANRequest(.cut, sites: sites).problem == "a line is between two different sites")
  }

  @Test func takesTheLimits() {
    #expect(WANRequest(.slow, sites: ["a", "b"], latencyMs: 0, bandwidthMbps: 0).problem == nil)
    #expect(WANRequest(.slow, latencyMs: 60_000, bandwidthMbps: 1_000_000).problem == nil)
  }
}

@Suite struct WANConfigurationTests {
  private let a = WANConfiguration.Site(name: "a", namespace: "/proc/1/ns/net", prefixes: ["10.99.1.0/24"])
  private let b = WANConfiguration.Site(name: "b", namespace: "/proc/2/ns/net", prefixes: ["10.99.2.0/24"])

  @Test func acceptsTwoSitesAndALine() {
    let line = WANConfiguration.Line(between: ["b", "a"], latencyMs: 5, bandwidthMbps: 1000)
    #expect(WANConfiguration(sites: [a, b], lines: [line]).problem == nil)
    #expect(WANConfiguration(sites: [a], lines: []).problem == nil)
  }

  @Test func tellsWhatIsWrong() {
    var wrong = b
    wrong.prefixes = ["10.99.2.1/24"]
    #expect(
      WANConfiguration(sites: [a, wrong], lines: []).problem
        == "site b: 10.99.2.1/24 is no prefix such as 10.99.1.0/24")
    #expect(WANConfiguration(sites: [a, a], lines: []).problem == "two sites have the same name")
    #expect(WANConfiguration(sites: [], lines: []).problem == "the WAN joins 1 to 16 sites")
    for between in [["a"], ["a", "a"], ["a", "c"]] {
      let line = WANConfiguration.Line(between: between, latencyMs: 5)
      #expect(WANConfiguration(sites: [a, b], lines: [line]).problem?.hasPrefix("a line is between two") == true)
    }
    let late = WANConfiguration.Line(between: ["a", "b"], latencyMs: -1)
    #expect(WANConfiguration(sites: [a, b], lines: [late]).problem != nil)
  }
}
