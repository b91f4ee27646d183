import API
import Model
import Testing
import Trust

@Suite struct TransportTests {
  @Test func onlyTLS13() async throws {
    try await withAPI(tokens: true) { api in
      let token = try api.token(.read)
      #expect(try await api.get("/v1/plans", token, "--tlsv1.3").status == 200)
      let old = try await api.get("/v1/plans", token, "--tls-max", "1.2")
      #expect(old.code == 35, "\(old)")
      try await api.log.wait(for: "refused a connection from 127.0.0.1")
      // In clear, to the same port.
      let clear = try await Curl.run(["http://127.0.0.1:\(api.port)/v1/plans"])
      #expect(clear.status != 200 && clear.body.isEmpty)
      // By whoever doesn't trust the authority.
      #expect(try await Curl.run(["\(api.url)/v1/plans"]).code == 60)
      #expect(try await api.get("/v1/plans", token).status == 200)
    }
  }

  @Test func garbageIsNoHandshake() async throws {
    try await withAPI(tokens: true) { api in
      for bytes in ["GET / HTTP/1.1\r\n\r\n", String(repeating: "\u{16}", count: 10_000)] {
        let answer = try await Rogue.send(Array(bytes.utf8), to: api.port)
        #expect(!answer.contains("HTTP/1.1"))
      }
      try await api.log.wait(for: "refused a connection from 127.0.0.1")
      #expect(try await api.get("/v1/health").status == 200)
    }
  }

  /// What comes after its head would be taken for the next answer.
  @Test(arguments: [
    ("/v1/plans", 200), ("/v1/health", 200), ("/v1/nothing", 404), ("/v1/events", 405), ("/v1/statistics", 405),
    ("/v1/plans/cg-1/approve", 405),
  ])
  func headHasNoBody(path: String, status: Int) async throws {
    try await withAPI { api in
      let request = "HEAD \(path) HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n"
      let answer = try await Rogue.send(Array(request.utf8), to: api.port)
      #expect(answer.hasPrefix("HTTP/1.1 \(status) ") && answer.hasSuffix("\r\n\r\n"), "\(answer)")
      if path == "/v1/plans" {
        let length = try await api.get(path).body.utf8.count
        #expect(answer.lowercased().contains("content-length: \(length)\r\n"), "\(answer)")
      }
    }
  }

  @Test func aPortThatIsTakenIsSaid() async throws {
    try await withAPI { api in
      var configuration = APIConfiguration(address: IPAddress(v4: 0x7f00_0001), authority: nil)
      configuration.port = api.port
      let log = LogLines()
      let second = try APIService(configuration, controller: api.controller, trust: nil, logger: log.logger)
      let error = await #expect(throws: APIService.ListenError.self) { try await second.run() }
      #expect(error?.description.hasPrefix("can't listen at 127.0.0.1:\(api.port): ") == true)
    }
  }
}
