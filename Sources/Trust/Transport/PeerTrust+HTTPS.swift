internal import NIOCertificateReloading
package import NIOSSL

extension PeerTrust {
  /// For an HTTPS server of those who have a bearer token and no certificate: TLS 1.3 or nothing, with the certificate
  /// in force at each handshake.
  ///
  /// - Throws: where the transport can't use the credentials.
  package func httpsConfiguration() throws -> TLSConfiguration {
    var configuration = try TLSConfiguration.makeServerConfiguration(certificateReloader: reloader)
    configuration.minimumTLSVersion = .tlsv13
    configuration.applicationProtocols = ["http/1.1"]
    return configuration
  }
}
