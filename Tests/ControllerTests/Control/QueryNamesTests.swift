import Controller
import GRPCCore
import Model
import Storage
import SwiftProtobuf
import Testing
import Traffic
import Wire

/// What names in a query stand for: a has a1 and a2, b has b1, c has no host; cg knows a file server at c.
@Suite struct QueryNamesTests {
  private let names = QueryNames(
    federation: Federation(sites: [
      Site(name: "a", hosts: [Host(name: "a1"), Host(name: "a2")]), Site(name: "b", hosts: [Host(name: "b1")]),
      Site(name: "c"),
    ]),
    applications: [
      application(
        "cg",
        """
        name: cg
        vms: [{name: vm1, addresses: [10.77.0.1], vcpus: 1, memoryGiB: 1}, {name: vm2, vcpus: 1, memoryGiB: 1}]
        endpoints: [{name: nfs1, addresses: [10.77.0.200], site: c}]

        """),
      application("mg", "name: mg\nvms: [{name: vm3, vcpus: 1, memoryGiB: 1}]\n"),
    ])

  private static func application(_ name: String, _ text: String) -> StoredApplication {
    StoredApplication(name: name, document: text)
  }

  private func query(_ change: (inout QueryRequest) -> Void) throws -> TrafficQuery {
    try names.query(.with(change), held: .last(5))
  }

  private let nfs: [Endpoint] = [.name("nfs1"), Endpoint("10.77.0.200")]

  @Test func spans() throws {
    #expect(try query { _ in }.span == .last(5))
    #expect(try query { $0.last = 3 }.span == .last(3))
    #expect(try query { $0.start = -60_000_000_000 }.span == .lasting(60_000_000_000))
    #expect(try query { $0.start = .min }.span == .lasting(.max))
    #expect(try query { $0.start = 7 }.span == .since(.init(nanoseconds: 7)))
    #expect(
      try query { ($0.start, $0.end) = (-7, 9) }.span
        == .interval(start: .init(nanoseconds: -7), end: .init(nanoseconds: 9)))
    // Nothing is held at all.
    #expect(try names.query(.init(), held: nil).span == .last(1))
  }

  @Test func sitesAreTheirHostsAndEndpoints() throws {
    #expect(try query { _ in }.places == nil)
    #expect(try query { $0.sites = ["a"] }.places == .init(hosts: ["a1", "a2"]))
    #expect(try query { $0.sites = ["c", "b"] }.places == .init(endpoints: Set(nfs), hosts: ["b1"]))
    #expect(
      try query { ($0.vms, $0.hosts) = (["vm1"], ["b1"]) }.places == .init(endpoints: [.name("vm1")], hosts: ["b1"]))
    #expect(
      try query { $0.vms = ["10.77.0.1"] }.places
        == .init(endpoints: [.name("10.77.0.1"), Endpoint("10.77.0.1")]))
    #expect {
      try query { $0.sites = ["d"] }
    } throws: { error in
      (error as? RPCError)?.code == .notFound && "\(error)".contains("there are a, b, c")
    }
  }

  @Test func applicationsAreTheirVMs() throws {
    #expect(try query { $0.application = "cg" }.endpoints == [.name("vm1"), Endpoint("10.77.0.1"), .name("vm2")])
    let both: Set<Endpoint> = [.name("vm1"), Endpoint("10.77.0.1"), .name("vm2"), .name("vm3")]
    #expect(try query { ($0.application, $0.applications) = ("cg", ["mg"]) }.endpoints == both)
    #expect(try query { $0.applications = ["mg"] }.endpoints == [.name("vm3")])
    #expect {
      try query { $0.application = "lu" }
    } throws: { error in
      (error as? RPCError)?.code == .notFound && "\(error)".contains("there are cg, mg")
    }
  }

  @Test func whatRowsAreBetween() throws {
    #expect(try query { _ in }.grouping == .asCounted)
    #expect(try query { $0.endpoints = .UNRECOGNIZED(9) }.grouping == .asCounted)
    #expect(try query { $0.endpoints = .byHost }.grouping == .hosts)
    #expect(
      try query { $0.endpoints = .bySite }.grouping
        == .sites(
          ofHosts: ["a1": "a", "a2": "a", "b1": "b"],
          ofEndpoints: Dictionary(uniqueKeysWithValues: nfs.map { ($0, "c") })))
    #expect(
      try query { $0.endpoints = .byApplication }.grouping
        == .applications([.name("vm1"): "cg", Endpoint("10.77.0.1"): "cg", .name("vm2"): "cg", .name("vm3"): "mg"]))
  }
}
