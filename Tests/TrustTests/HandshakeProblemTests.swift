import Testing
import Trust

@Suite struct HandshakeProblemTests {
  private struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  /// As NIOSSL words them.
  @Test(arguments: [
    (
      "handshakeFailed(NIOSSL.BoringSSLError.sslError([Error:  EOF during handshake]))",
      "it went away within the handshake"
    ),
    (
      "Error: 268435612 error:1000009c:SSL routines:OPENSSL_internal:HTTP_REQUEST at a.cc:1",
      "it doesn't speak TLS (HTTP_REQUEST)"
    ),
    ("something else", "something else"),
  ])
  func isInWordsForPeople(error: String, words: String) {
    #expect(HandshakeProblem.words(Problem(description: error)) == words)
  }
}
