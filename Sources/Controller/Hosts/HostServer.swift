package import GRPCCore
package import GRPCNIOTransportHTTP2
package import Model
package import Trust
internal import Wire

/// Where hosts dial to: in clear, or with TLS 1.3 and a certificate at both ends.
package enum HostServer {
  /// - Parameters:
  ///   - port: 0: any that is free.
  ///   - trust: who is a host; nil: in clear.
  /// - Throws: where the credentials can't be used.
  package static func make(
    address: IPAddress, port: Int, trust: PeerTrust?, service: HostConnectionService
  ) throws -> GRPCServer<HTTP2ServerTransport.Posix> {
    var configuration = trust?.serverConfiguration() ?? .defaults
    configuration.rpc.maxRequestPayloadSize = WireLimits.largestMessage
    trust?.bound(&configuration)
    // Each stream may have a message of that size on its way; a host has one.
    configuration.http2.maxConcurrentStreams = 16
    // Of a connection without a call.
    configuration.connection.maxIdleTime = .seconds(60)
    configuration.connection.keepalive.time = .seconds(20)
    configuration.connection.keepalive.timeout = .seconds(10)
    configuration.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = .seconds(10)
    return GRPCServer(
      transport: .http2NIOPosix(
        address: address.family == .v4
          ? .ipv4(host: "\(address)", port: port) : .ipv6(host: "\(address)", port: port),
        transportSecurity: try trust?.serverSecurity() ?? .plaintext, config: configuration),
      services: [service], interceptors: trust.map { [PeerGate($0, roles: [.host])] } ?? [])
  }
}
