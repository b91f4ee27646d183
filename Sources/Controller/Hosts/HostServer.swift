package import GRPCCore
package import GRPCNIOTransportHTTP2
package import Model
package import Trust
internal import Wire

/// Where hosts dial to, and operators of other machines: with TLS 1.3 and a certificate at both ends. In clear for
/// hosts alone.
package enum HostServer {
  /// - Parameters:
  ///   - port: 0: any that is free.
  ///   - trust: who is a host or an operator; nil: in clear.
  ///   - renewal: for whoever has a certificate.
  ///   - control: for operators.
  /// - Throws: where the credentials can't be used.
  package static func make(
    address: IPAddress, port: Int, trust: PeerTrust?, service: HostConnectionService,
    renewal: RenewalService? = nil, control: (any RegistrableRPCService)? = nil
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
    var services: [any RegistrableRPCService] = [service]
    var pipeline: [ConditionalInterceptor<any ServerInterceptor>] = []
    if let trust {
      if let renewal { services.append(renewal) }
      if let control { services.append(control) }
      pipeline = [
        .apply(PeerGate(trust, services: callers), to: .all),
        .apply(CallerNaming(trust), to: .services([ControlAPI.descriptor])),
      ]
    }
    return GRPCServer(
      transport: .http2NIOPosix(
        address: .listening(address, port: port), transportSecurity: try trust?.serverSecurity() ?? .plaintext,
        config: configuration),
      services: services, interceptorPipeline: pipeline)
  }

  /// Who may call what.
  private static let callers: [ServiceDescriptor: Set<Identity.Role>] = [
    ControllerAPI.descriptor: [.host], ControlAPI.descriptor: [.operator],
    Transhumance_V1_Renewal.descriptor: [.host, .operator],
  ]
}
