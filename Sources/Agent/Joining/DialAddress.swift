package import GRPCNIOTransportHTTP2
package import Model

/// Where somebody is dialled: `192.0.2.10`, `192.0.2.10:8080`, `c1.example:8080`, `[2001:db8::1]:8080`.
package struct DialAddress: Hashable, Sendable {
  package enum Host: Hashable, Sendable {
    case address(IPAddress)
    /// Of the DNS; certificates don't go by it.
    case name(String)
  }

  package var host: Host
  package var port: Int

  package init(_ host: Host, port: Int) {
    (self.host, self.port) = (host, port)
  }

  /// Nil where the text is none.
  ///
  /// - Parameter defaultPort: where it names none.
  package init?(_ text: String, defaultPort: Int) {
    if let address = IPAddress(text) {
      self.init(.address(address), port: defaultPort)
      return
    }
    var (place, port) = (text[...], defaultPort)
    if text.last != "]", let colon = text.lastIndex(of: ":") {
      guard let number = UInt16(text[text.index(after: colon)...]), number > 0 else { return nil }
      (place, port) = (text[..<colon], Int(number))
    }
    if place.first == "[", place.last == "]" {
      guard let address = IPAddress(place.dropFirst().dropLast()), address.family == .v6 else { return nil }
      self.init(.address(address), port: port)
    } else if let address = IPAddress(place), address.family == .v4 {
      self.init(.address(address), port: port)
    } else if Self.isName(place) {
      self.init(.name(String(place)), port: port)
    } else {
      return nil
    }
  }

  /// Letters, digits, hyphens and dots, and not only digits at the end: that would be an address that was mistyped.
  private static func isName(_ text: Substring) -> Bool {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let last = labels.last, Int(last) == nil, text.utf8.count <= 253 else { return false }
    return labels.allSatisfy { label in
      !label.isEmpty && !label.hasPrefix("-")
        && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }
  }

  package var target: any ResolvableTarget {
    switch host {
    case .address(let address) where address.family == .v4: .ipv4(address: "\(address)", port: port)
    case .address(let address): .ipv6(address: "\(address)", port: port)
    case .name(let name): .dns(host: name, port: port)
    }
  }
}

extension DialAddress: CustomStringConvertible {
  package var description: String {
    switch host {
    case .address(let address) where address.family == .v6: "[\(address)]:\(port)"
    case .address(let address): "\(address):\(port)"
    case .name(let name): "\(name):\(port)"
    }
  }
}
