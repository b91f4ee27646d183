import API
import Controller
import Model
import Synchronization
import Testing
import Trust
import Wire

/// Who may see and do what: cg has vm1 and vm2, lu has vm3; a1 is at the site a, b1 at b.
@Suite struct ScopeTests {
  @Test func eachSeesItsOwn() async throws {
    try await withAPI(tokens: true) { api in
      let all = try api.token(.read)
      let cg = try api.token(.read, applications: ["cg"])
      let site = try api.token(.read, sites: ["a"])
      let both = try api.token(.read, sites: ["b"], applications: ["lu"])
      let lists: [(path: String, list: String, key: String, seen: [String: [String]?])] = [
        ("/v1/applications", "applications", "name", [all: ["cg", "lu"], cg: ["cg"], site: nil, both: ["lu"]]),
        ("/v1/plans", "plans", "plan", [all: ["cg-1", "lu-1"], cg: ["cg-1"], site: nil, both: ["lu-1"]]),
        ("/v1/hosts", "hosts", "name", [all: ["a1", "b1"], cg: nil, site: ["a1"], both: ["b1"]]),
        ("/v1/sites", "sites", "name", [all: ["a", "b"], cg: nil, site: ["a"], both: ["b"]]),
        ("/v1/periods", "periods", "start", [all: ["2026-11-24T11:59:30Z"], cg: nil, site: nil, both: nil]),
        ("/v1/events", "events", "text", [all: [], cg: [], site: nil, both: []]),
      ]
      for (path, list, key, seen) in lists {
        for (token, names) in seen {
          let answer = try await api.get(path, token)
          #expect(answer.status == (names == nil ? 403 : 200), "\(path) \(answer.error)")
          if let names { #expect(try answer.names(list, key) == names, "\(path)") }
        }
      }
    }
  }

  @Test func othersPlansAreNotSeen() async throws {
    try await withAPI(tokens: true) { api in
      let (all, cg) = (try api.token(.read), try api.token(.read, applications: ["cg"]))
      #expect(try await api.get("/v1/plans/cg-1", cg).json["plan"] as? String == "cg-1")
      #expect(try await api.get("/v1/plans/lu-1", all).status == 200)
      #expect(try await api.get("/v1/plans/lu-1", cg).status == 403)
      #expect(try await api.get("/v1/plans?application=lu", cg).status == 403)
      #expect(try await api.get("/v1/plans?application=lu", all).names("plans", "plan") == ["lu-1"])
      // Whether there is one is told to those alone who would see it.
      #expect(try await api.get("/v1/plans/lu-9", all).status == 404)
      #expect(try await api.get("/v1/plans/lu-9", cg).status == 403)
    }
  }

  @Test func eventsAreOfItsApplications() async throws {
    try await withAPI(tokens: true) { api in
      api.controller.log.add(.plan, "of cg", application: "cg")
      api.controller.log.add(.plan, "of lu", application: "lu")
      api.controller.log.add(.host, "of hosts")
      let (all, cg) = (try api.token(.read), try api.token(.read, applications: ["cg"]))
      #expect(try await api.get("/v1/events", all).names("events", "text") == ["of cg", "of lu", "of hosts"])
      #expect(try await api.get("/v1/events", cg).names("events", "text") == ["of cg"])
      #expect(try await api.get("/v1/events?application=lu", all).names("events", "text") == ["of lu"])
      #expect(try await api.get("/v1/events?application=lu", cg).status == 403)
    }
  }

  /// What the controller is asked, where the query itself asks for more.
  @Test func queriesAreConfined() async throws {
    try await withAPI(tokens: true) { api in
      let cg = try api.token(.read, applications: ["cg"])
      let site = try api.token(.read, sites: ["a"])
      let several = try api.token(.read, applications: ["cg", "lu"])
      func asked(_ query: String, _ token: String) async throws -> (status: Int, request: QueryRequest?) {
        let before = api.controller.asked.withLock { $0.queries.count }
        let status = try await api.get("/v1/statistics" + query, token).status
        let queries = api.controller.asked.withLock { $0.queries }
        return (status, queries.count > before ? queries.last : nil)
      }
      #expect(try await asked("", cg).request?.application == "cg")
      #expect(try await asked("?by=site", cg).request?.application == "cg")
      #expect(try await asked("", site).request?.sites == ["a"])
      #expect(try await asked("?application=lu", several).request?.application == "lu")
      let both = try await asked("?application=lu&application=cg", several).request
      #expect(both?.application == "lu" && both?.applications == ["cg"])
      #expect(try await asked("?vm=vm1&vm=vm2", cg).request?.vms == ["vm1", "vm2"])
      #expect(try await asked("?host=a1", site).request?.hosts == ["a1"])
      // Which of the two has to be said.
      let unsaid = try await asked("", several)
      #expect(unsaid.status == 400 && unsaid.request == nil)
      for (query, token) in [
        ("?application=lu", cg), ("?vm=vm3", cg), ("?vm=vm1&vm=vm3", cg), ("?vm=10.0.0.1", cg), ("?site=a", cg),
        ("?host=a1", cg), ("?application=cg&site=a", cg), ("?application=cg&application=lu", cg), ("?application=cg&vm=vm3", cg), ("?site=b", site),
        ("?site=a&site=b", site), ("?host=b1", site), ("?host=c9", site), ("?vm=vm1", site), ("?application=cg", site),
      ] {
        let (status, request) = try await asked(query, token)
        #expect(status == 403 && request == nil, "\(query)")
      }
    }
  }

  @Test func actingTakesTheRoleAndTheScope() async throws {
    try await withAPI(tokens: true) { api in
      let read = try api.token(.read)
      let cg = try api.token(.operate, applications: ["cg"])
      let site = try api.token(.operate, sites: ["a"])
      for (path, token) in [
        ("/v1/applications/cg/pause", read), ("/v1/plans/cg-1/approve", read), ("/v1/hosts/a1/drain", read),
        ("/v1/applications/lu/pause", cg), ("/v1/applications/none/pause", cg), ("/v1/plans/lu-1/approve", cg),
        ("/v1/plans/none/reject", cg), ("/v1/hosts/a1/drain", cg), ("/v1/hosts/none/drain", cg),
        ("/v1/hosts/b1/undrain", site), ("/v1/hosts/none/drain", site), ("/v1/plans/cg-1/approve", site),
        ("/v1/applications/cg/resume", site),
      ] {
        let answer = try await api.post(path, token)
        #expect(answer.status == 403, "\(path): \(answer.error)")
        #expect(answer.headers["www-authenticate"]?.contains("insufficient_scope") == true)
      }
      let asked = api.controller.asked.withLock { $0 }
      #expect(asked.pauses.isEmpty && asked.decisions.isEmpty && asked.drains.isEmpty)
      #expect(try await api.post("/v1/applications/cg/pause", cg).status == 200)
      #expect(try await api.post("/v1/plans/cg-1/approve", cg).status == 200)
      #expect(try await api.post("/v1/hosts/a1/drain", site).status == 200)
    }
  }

  /// It moves VMs of all applications, which isn't for somebody who is held to some.
  @Test func drainingTakesATokenForTheWholeSite() async throws {
    try await withAPI(tokens: true) { api in
      let both = try api.token(.operate, sites: ["a"], applications: ["cg"])
      for path in ["/v1/hosts/a1/drain", "/v1/hosts/a1/undrain"] {
        let answer = try await api.post(path, both)
        #expect(answer.status == 403 && answer.error.contains("takes a token without applications"), "\(answer.error)")
      }
      let read = try await api.post("/v1/hosts/a1/drain", api.token(.read, sites: ["a"]))
      #expect(read.status == 403 && read.error.contains("needs operate"))
      #expect(api.controller.asked.withLock { $0 }.drains.isEmpty)
      // Seeing adds up all the same.
      #expect(try await api.get("/v1/hosts", both).names("hosts") == ["a1"])
    }
  }
}
