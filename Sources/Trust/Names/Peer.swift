package import Model
internal import X509

/// Somebody whose certificate was checked.
package struct Peer: Hashable, Sendable {
  package var identity: Identity
  package var serial: SerialNumber
  /// When the certificate became good, and when it ends.
  package var notBefore: Timestamp
  package var notAfter: Timestamp
  /// By which it may be dialled.
  package var names: [SubjectName]

  /// - Throws: `untrusted` where the certificate doesn't say who it is, or says it twice.
  init(_ certificate: Certificate) throws(TrustError) {
    serial = SerialNumber(certificate.serialNumber)
    notBefore = Timestamp(certificate.notValidBefore)
    notAfter = Timestamp(certificate.notValidAfter)
    let alternatives: SubjectAlternativeNames
    do {
      alternatives = try certificate.extensions.subjectAlternativeNames ?? .init()
    } catch {
      throw TrustError(.untrusted, "certificate \(serial): its alternative names can't be read")
    }
    let uris = alternatives.compactMap { name -> String? in
      guard case .uniformResourceIdentifier(let uri) = name, Identity.isOurs(uri) else { return nil }
      return uri
    }
    guard let uri = uris.first, uris.count == 1, let identity = Identity(uri: uri) else {
      let found = uris.isEmpty ? "none" : uris.map { "\"\($0.prefix(100))\"" }.prefix(3).joined(separator: ", ")
      throw TrustError(
        .untrusted,
        "certificate \(serial) doesn't say whose it is: it needs one URI such as transhumance://host/a1, and has "
          + found
      )
    }
    self.identity = identity
    names = alternatives.compactMap { SubjectName($0) }
  }
}

extension Peer: CustomStringConvertible {
  package var description: String { "\(identity)" }
}

extension Peer {
  /// - Throws: `notAllowed` where it is of another role.
  package func require(_ roles: Identity.Role...) throws(TrustError) {
    guard !roles.contains(identity.role) else { return }
    throw TrustError(
      .notAllowed, "\(identity) may not do that: only \(roles.map { "\($0.rawValue)s" }.joined(separator: " and ")) may"
    )
  }

  /// - Throws: `notAllowed` where it isn't the host of that name.
  package func require(host name: String) throws(TrustError) {
    guard identity.role != .host || identity.name != name else { return }
    throw TrustError(.notAllowed, "\(identity) may not speak for host \(name.prefix(80))")
  }
}
