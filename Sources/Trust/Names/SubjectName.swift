package import Model
internal import SwiftASN1
internal import X509

/// A name by which others may dial the holder of a certificate.
package enum SubjectName: Hashable, Sendable {
  /// Of the DNS.
  case dns(String)
  case address(IPAddress)

  /// An address, or a host name of letters, digits, dots, hyphens and underscores; nil for anything else.
  package init?(_ text: String) {
    if let address = IPAddress(text) {
      self = .address(address)
      return
    }
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    let isName = labels.allSatisfy { label in
      (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
        && label.utf8.allSatisfy { byte in
          (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x2d || byte == 0x5f
        }
    }
    // All digits: an address that was mistyped.
    guard isName, text.utf8.count <= 253, labels.last.map({ Int($0) == nil }) ?? false || labels.count == 1 else {
      return nil
    }
    self = .dns(text)
  }
}

extension SubjectName: CustomStringConvertible {
  package var description: String {
    switch self {
    case .dns(let name): name
    case .address(let address): "\(address)"
    }
  }
}

extension SubjectName {
  /// Nil for other kinds of names.
  init?(_ name: GeneralName) {
    switch name {
    case .dnsName(let text): self = .dns(text)
    case .ipAddress(let octets):
      guard let address = IPAddress(octets: octets.bytes) else { return nil }
      self = .address(address)
    default: return nil
    }
  }

  var generalName: GeneralName {
    switch self {
    case .dns(let name): .dnsName(name)
    case .address(let address): .ipAddress(ASN1OctetString(contentBytes: address.octets[...]))
    }
  }
}
