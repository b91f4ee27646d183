import Foundation
import Model
import Synchronization
import Testing
import Trust

/// Who is let in.
@Suite struct AdmissionTests {
  @Test func aTokenIsNeeded() async throws {
    try await withAPI(tokens: true) { api in
      let token = try api.token(.read)
      let welcome = try await api.get("/v1/applications", token)
      #expect(welcome.status == 200, "\(welcome.error)")
      let refused: [(header: String?, code: String?)] = [
        (nil, nil), ("Bearer", "invalid_token"), ("Bearer ", "invalid_token"), ("Basic \(token)", "invalid_token"),
        ("Bearer \(token) x", "invalid_token"), ("Bearer abcdef.0123456789abcdef", "invalid_token"),
        ("Bearer \(token.dropLast())\(token.hasSuffix("x") ? "y" : "x")", "invalid_token"),
        ("Bearer \(token.uppercased())", "invalid_token"),
      ]
      for (header, code) in refused {
        let options = header.map { ["-H", "Authorization: \($0)"] } ?? []
        let answer = try await Curl.run(
          options + ["--cacert", try #require(api.authority).certificatePath, "\(api.url)/v1/applications"])
        #expect(answer.status == 401, "\(header ?? "none")")
        let challenge = answer.headers["www-authenticate"] ?? ""
        #expect(challenge.hasPrefix("Bearer realm=\"transhumance\""))
        #expect(challenge.contains("error=") == (code != nil))
      }
      // What is there isn't told either.
      #expect(try await api.get("/v1/nothing").status == 401)
      #expect(try await api.get("/v1/nothing", token).status == 404)
    }
  }

  @Test func tokensEnd() async throws {
    try await withAPI(tokens: true) { api in
      let authority = try #require(api.authority)
      let token = try api.token(.read)
      #expect(try await api.get("/v1/plans", token).status == 200)
      // The same again, as somebody who has overheard it would.
      #expect(try await api.get("/v1/plans", token).status == 200)
      try authority.revokeAPIToken(String(token.prefix(6)))
      let revoked = try await api.get("/v1/plans", token)
      #expect(revoked.status == 401 && revoked.error.contains("revoked"))
      // 30 days were its life.
      let old = try api.token(.read, at: Timestamp.present.advanced(byNanoseconds: -31 * 86_400_000_000_000))
      let expired = try await api.get("/v1/plans", old)
      #expect(expired.status == 401 && expired.error.contains("token \(old.prefix(6)) expired at"))
    }
  }

  @Test func noTokenIsGoodWithoutTheFile() async throws {
    try await withAPI(tokens: true) { api in
      let token = try api.token(.read)
      try Data("{".utf8).write(to: URL(filePath: try #require(api.authority).apiTokensPath))
      #expect(try await api.get("/v1/plans", token).status == 401)
    }
  }

  /// A line for each refusal, without anything of the token but its name.
  @Test func refusalsAreLogged() async throws {
    try await withAPI(tokens: true) { api in
      let token = try api.token(.read)
      let secret = String(token.suffix(32))
      _ = try await api.post("/v1/applications/cg/pause", token)
      _ = try await api.get("/v1/plans?token=\(token)")
      _ = try await api.get("/v1/plans", "\(token)x")
      let lines = api.log.lines.filter { $0.contains("refused") }
      #expect(lines.count == 3, "\(lines)")
      #expect(lines.allSatisfy { $0.hasPrefix("warning:") && $0.contains("from 127.0.0.1") && !$0.contains(secret) })
      #expect(lines.first?.contains("POST /v1/applications/cg/pause") == true)
      #expect(lines.first?.contains("403, token \(token.prefix(6)) has the role read") == true)
    }
  }

  @Test func withoutTokensOneCanOnlyLook() async throws {
    try await withAPI { api in
      #expect(try await api.get("/v1/applications").status == 200)
      #expect(try await api.get("/v1/health").status == 200)
      let refused = try await api.post("/v1/applications/cg/pause")
      #expect(refused.status == 403 && refused.error.contains("--cert-dir"))
      #expect(api.controller.asked.withLock { $0.pauses.isEmpty })
    }
  }

  /// A page whose name was made to lead to 127.0.0.1 sends that name.
  @Test func withoutTokensNamesAreRefused() async throws {
    try await withAPI { api in
      for host in ["evil.example", "evil.example:8081", "127.0.0.1.evil.example", "localhost.evil.example"] {
        let answer = try await api.get("/v1/sites", nil, "-H", "Host: \(host)")
        #expect(answer.status == 403, "\(host)")
      }
      for host in ["localhost:\(api.port)", "127.0.0.1", "[::1]:8081", "10.99.1.1:8081"] {
        let answer = try await api.get("/v1/sites", nil, "-H", "Host: \(host)")
        #expect(answer.status == 200, "\(host)")
      }
    }
  }

  @Test func healthNeedsNoToken() async throws {
    try await withAPI(tokens: true) { api in
      let stranger = try await api.get("/v1/health")
      #expect(stranger.status == 200 && stranger.body == "{\"leads\":true}\n")
      #expect(try await api.get("/v1/health", "abcdef.0123456789abcdef").status == 401)
      let scoped = try await api.get("/v1/health", try api.token(.read, sites: ["a"]))
      #expect(scoped.body == "{\"leads\":true}\n")
      let whole = try await api.get("/v1/health", try api.token(.read))
      #expect(try whole.json["silentHosts"] as? [String] == ["b1"])
      #expect(try whole.json["latestPeriod"] as? String == "2026-11-24T11:59:30Z")
    }
  }
}
