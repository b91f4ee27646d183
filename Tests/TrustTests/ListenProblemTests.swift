import GRPCCore
import GRPCNIOTransportHTTP2
import Testing
import Trust

struct ListenProblemTests {
  /// The same port twice, and an address of nobody (RFC 5737).
  @Test func saysWhatToDo() async throws {
    func server(_ host: String, _ port: Int) -> GRPCServer<HTTP2ServerTransport.Posix> {
      GRPCServer(
        transport: .http2NIOPosix(address: .ipv4(host: host, port: port), transportSecurity: .plaintext), services: [])
    }
    func words(_ host: String, _ port: Int) async -> String? {
      do {
        try await server(host, port).serve()
        return nil
      } catch {
        return "\(ListenProblem(error, at: "\(host):\(port)"))"
      }
    }
    let first = server("127.0.0.1", 0)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await first.serve() }
      let port = try #require(try await first.listeningAddress?.ipv4?.port)
      #expect(
        await words("127.0.0.1", port)
          == "can't listen at 127.0.0.1:\(port): something else listens there: end it, or name another port")
      first.beginGracefulShutdown()
      try await group.waitForAll()
    }
    let nobody = await words("192.0.2.1", 0)
    #expect(nobody?.contains("this machine has no such address") == true, "\(nobody ?? "")")
  }
}
