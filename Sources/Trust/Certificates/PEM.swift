internal import SwiftASN1
internal import X509

/// Text of RFC 7468: sections between `-----BEGIN …-----` and `-----END …-----`.
enum PEM {
  /// - Parameter source: the file that messages name.
  /// - Throws: `malformed`, also where a section is only almost one.
  static func sections(_ bytes: [UInt8], source: String) throws(TrustError) -> [PEMDocument] {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw TrustError(.malformed, "\(source): is no text, so no PEM")
    }
    if text.contains("ENCRYPTED") {
      throw TrustError(
        .malformed, "\(source): the key is encrypted: decrypt it first (openssl pkey -in FILE -out PLAIN), mode 600")
    }
    let documents: [PEMDocument]
    do {
      documents = try PEMDocument.parseMultiple(pemString: text)
    } catch {
      throw TrustError(.malformed, "\(source): \(error)")
    }
    // The parser passes over a line that doesn't quite begin a section.
    let begins = text.split(separator: "-----BEGIN ", omittingEmptySubsequences: false).count - 1
    let ends = text.split(separator: "-----END ", omittingEmptySubsequences: false).count - 1
    guard begins == documents.count, ends == documents.count else {
      throw TrustError(
        .malformed, "\(source): \(begins) sections begin and \(ends) end, of which \(documents.count) can be read")
    }
    return documents
  }

  /// At least one.
  static func certificates(_ bytes: [UInt8], source: String) throws(TrustError) -> [Certificate] {
    let sections = try sections(bytes, source: source).filter {
      $0.discriminator == Certificate.defaultPEMDiscriminator
    }
    guard !sections.isEmpty else { throw TrustError(.malformed, "\(source): there is no certificate in it") }
    var certificates: [Certificate] = []
    for section in sections { certificates.append(try Certificate(der: section.derBytes, source: source)) }
    return certificates
  }
}

extension Certificate {
  /// - Throws: `malformed`.
  init(der bytes: [UInt8], source: String) throws(TrustError) {
    do {
      try self.init(derEncoded: bytes)
    } catch {
      throw TrustError(.malformed, "\(source): a certificate that can't be read: \(error)")
    }
  }

  /// Distinguished encoding rules of ASN.1, as on the wire.
  var der: [UInt8] {
    get throws(TrustError) {
      var serializer = DER.Serializer()
      do {
        try serializer.serialize(self)
      } catch {
        throw TrustError(.malformed, "a certificate can't be written: \(error)")
      }
      return serializer.serializedBytes
    }
  }
}

extension [Certificate] {
  /// One after another, a line's end after each.
  var pem: String {
    get throws(TrustError) {
      var text = ""
      for certificate in self {
        text += PEMDocument(type: Certificate.defaultPEMDiscriminator, derBytes: try certificate.der).pemString + "\n"
      }
      return text
    }
  }

  var der: [[UInt8]] {
    get throws(TrustError) {
      var all: [[UInt8]] = []
      for certificate in self { all.append(try certificate.der) }
      return all
    }
  }
}
