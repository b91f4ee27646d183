internal import X509

/// The number that an authority gives a certificate; written in hexadecimal, as `openssl x509 -serial` does.
package struct SerialNumber: Hashable, Sendable {
  /// Most significant first, without leading zeros.
  package let bytes: [UInt8]

  package init(bytes: some Collection<UInt8>) {
    self.bytes = Array(bytes.drop { $0 == 0 })
  }

  /// Bytes that one may have (RFC 5280 §4.1.2.2).
  package static let longest = 20

  /// 128 random bits: nobody can guess the next one, and no two are the same.
  package static func random(using generator: inout some RandomNumberGenerator) -> SerialNumber {
    SerialNumber(bytes: (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
  }

  /// Hexadecimal digits in upper or lower case, with or without colons; nil for anything else.
  package init?(_ text: some StringProtocol) {
    let digits = Array(text.utf8.filter { $0 != UInt8(ascii: ":") })
    guard (1...40).contains(digits.count) else { return nil }
    let padded = digits.count.isMultiple(of: 2) ? digits : [UInt8(ascii: "0")] + digits
    guard let bytes = [UInt8](hexadecimal: padded) else { return nil }
    self.init(bytes: bytes)
  }
}

extension SerialNumber: CustomStringConvertible {
  package var description: String { bytes.isEmpty ? "00" : bytes.hexadecimal }
}

extension SerialNumber: Codable {
  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let number = SerialNumber(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "\"\(text)\" is no serial number"))
    }
    self = number
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension SerialNumber {
  init(_ number: Certificate.SerialNumber) { self.init(bytes: number.bytes) }

  var certificateSerial: Certificate.SerialNumber { .init(bytes: bytes) }
}
