/// Why a handshake of TLS has failed, in words for people.
package enum HandshakeProblem {
  /// - Parameter error: as NIOSSL throws it: BoringSSL's, with the file in which it came about.
  package static func words(_ error: any Error) -> String {
    let text = "\(error)"
    guard let name = text.firstMatch(of: /OPENSSL_internal:([A-Z0-9_]+)/)?.output.1 else { return text }
    let words =
      switch name {
      case "PEER_DID_NOT_RETURN_A_CERTIFICATE": "it shows no certificate"
      case "WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNEXPECTED_MESSAGE": "it doesn't speak TLS"
      case "UNSUPPORTED_PROTOCOL": "TLS 1.3 is needed"
      case _ where name.contains("ALERT"): "it ended the handshake"
      default: "its handshake failed"
      }
    return "\(words) (\(name))"
  }
}
