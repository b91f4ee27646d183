package import GRPCCore
package import GRPCNIOTransportHTTP2
package import Model
package import Trust

/// Where hosts join: TLS 1.3 that asks for no certificate, and nothing but `Join`, in small.
package enum JoinServer {
  /// Of messages, bytes: a request for a certificate, its token and a name.
  package static let largestMessage = CertificateRequest.largest + 4096
  /// Open at once; a host needs one.
  package static let connections = ConnectionLimit(inAll: 1024, ofAddress: 32)

  /// - Parameter port: 0: any that is free.
  /// - Throws: where the credentials can't be used.
  package static func make(
    address: IPAddress, port: Int, trust: PeerTrust, service: JoinService
  ) throws -> GRPCServer<HTTP2ServerTransport.Posix> {
    var configuration = trust.serverConfiguration(atMost: connections)
    configuration.rpc.maxRequestPayloadSize = largestMessage
    configuration.http2.maxConcurrentStreams = 4
    // Nobody has more than one question.
    configuration.connection.maxIdleTime = .seconds(5)
    configuration.connection.maxAge = .seconds(20)
    configuration.connection.maxGraceTime = .seconds(5)
    return GRPCServer(
      transport: .http2NIOPosix(
        address: .listening(address, port: port), transportSecurity: try trust.openServerSecurity(),
        config: configuration),
      services: [service])
  }
}

extension SocketAddress {
  static func listening(_ address: IPAddress, port: Int) -> SocketAddress {
    address.family == .v4 ? .ipv4(host: "\(address)", port: port) : .ipv6(host: "\(address)", port: port)
  }
}
